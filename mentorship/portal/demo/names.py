"""Invented names and places: every person and branch of Riverbend is made of these."""

GIVEN_NAMES = """
Aaliyah Abdul Adriana Aiko Alejandro Alma Amara Amir Ana Anahit Andre Angela Anjali Antonio Aram Aurora Beatriz Ben
Brenda Bao Camila Carlos Carmen Cedric Chen Chidi Claire Clara Curtis Dalia Daniel Darius Deborah Deepa Dmitri
Dolores Doris Eduardo Elena Eleni Elias Emeka Emilia Esther Ethan Fatima Felix Fiona Flora Frances Gabriel Gloria
Grace Guillermo Hana Harold Hector Helen Hugo Ibrahim Ida Imani Inês Ines Irina Isaac Ivan Ivy Jamal James Janet
Jasmine Javier Jin Joaquín John José Joy Juana Julia Kamala Karen Keisha Kenji Kofi Lan Laura Leila Leon Lilit Lin
Linh Lorenzo Lucía Luis Luz Mai Malik Marcus Margaret María Mariam Martin Maya Mei Mercy Miguel Mina Mohammed Monica
Nadia Nancy Naomi Narek Nasrin Nia Nikolai Noor Nora Ofelia Olga Omar Oscar Pablo Patricia Paul Paulo Pilar Priya
Quan Rachel Rafael Ramón Rania Raymond Rebecca Renée Ricardo Rita Roberto Rosa Ruben Ruth Samir Sana Sandra Santiago
Sara Sean Shirin Silvia Siân Sofía Sonia Soo-jin Stella Susan Tâm Tamar Tanya Teresa Thanh Theo Thuy Tomás Tyrone
Uma Valeria Vera Victor Vincent Violet Walter Wanda Wei Wendell Xavier Ximena Yara Yasmin Yolanda Yusuf Zara Zoë
""".split()
FAMILY_NAMES = """
Abrahamyan Acosta Adeyemi Aguilar Ahmed Alvarez Ansari Aquino Baker Baldwin Banerjee Barrios Bautista Bell Bernal
Blackwood Bui Cabrera Calderón Campos Castillo Chang Chavez Cho Chowdhury Clarke Cohen Cooper Cortez Cruz Dang Davis
Delgado Desai Diaz Dinh Douglas Duarte Edwards Escobar Espinoza Farah Feng Figueroa Fischer Flores Fong Franco
Fuentes Gallegos Garcia Ghazaryan Gomez Gonzales Grant Greene Guerrero Gupta Gutierrez Hakobyan Hall Harris
Hernández Hoang Holloway Huang Hughes Hussein Iglesias Ivanova Jackson Jensen Jimenez Johnson Jones Joshi Kang
Kaplan Kebede Khan Kim King Kowalski Kumar Lam Lee Leung Levy Li Lopez Lozano Luna Mahmoud Maldonado Martin Martinez
Mason Medina Mendoza Menon Mercado Miller Miranda Mitchell Molina Moore Morales Moreno Murphy Nakamura Navarro
Nazarian Ng Nguyen Núñez O'Brien Ochoa Okafor Okoye Olsen Ortega Ortiz Owens Padilla Park Patel Pereira Perez
Petrosyan Pham Ponce Powell Quintero Rahman Ramirez Ramos Reed Reyes Rios Rivera Robinson Rodriguez Rojas Romero
Rosales Rossi Ruiz Salazar Sanchez Santos Sargsyan Sato Schmidt Shah Silva Singh Smith Solis Soto Stein Suarez
Takahashi Tanaka Tesfaye Thomas Torres Tran Trujillo Valdez Vargas Vasquez Vega Velasco Vu Walker Wang Washington
Watanabe White Williams Wong Wright Wu Yamamoto Yang Young Zamora Zavala Zhang Zhao
""".split()
REGIONS = ["North River", "Hillside", "Harbor", "Valley", "Eastbank"]
BRANCHES = (
    """
Alder Creek, Almond Grove, Arroyo, Ash Street, Bayview, Beacon Hill, Bell Tower, Birchwood
Bluewater, Bridge Street, Brookside, Canal Street, Canyon Road, Cedar Park, Chapel Hill, Clearwater
Copperfield, Cottonwood, Crescent, Cypress, Dale Avenue, Deep Well, Eagle Point, Eastgate
Elm Court, Fairmount, Fern Hollow, Fielding, Five Corners, Foothill, Fountain Square, Garden Terrace
Glenview, Granary, Grand Avenue, Greenway, Hawthorn, Hazel Dell, Highbridge, Juniper
Kingfisher, Lakeshore, Lantern Hill, Larkspur, Laurel Heights, Linden, Long Meadow, Magnolia
Maple Street, Marina, Market Street, Mill Pond, Mission Hill, Northgate, Oak Flats, Old Depot
Orchard, Palm Court, Pepper Tree, Pine Ridge, Quarry Road, Redwood, Ridgeline, Rose Hill
Sandstone, Sierra View, Sycamore, Three Oaks, Union Station, Vineyard, West Pier, Willow Bend
""".strip()
    .replace("\n", ", ")
    .split(", ")
)
CENTRAL = "Central Library"
CENTRAL_DEPARTMENTS = {
    "Circulation": "circulation",
    "Reference": "central",
    "Youth Services": "youth",
    "Technical Services": "technical",
    "Outreach": "outreach",
    "Information Technology": "it",
    "Administration": "administration",
    "Special Collections": "central",
}
