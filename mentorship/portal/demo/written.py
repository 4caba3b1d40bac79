"""What invented people write, in the language that they read: notes, check-ins, requests for help."""

SHARED_NOTES = {
    "en": (
        "Next time: bring two job postings and mark what I have already and what is missing.",
        "I'll ask whether you may sit in on the budget meeting of my region.",
        "We tried the interview questions aloud. The one about conflict needs an example.",
        "Read chapter two together; talk about who decides what in a branch.",
        "I'll write the first half page of the plan, you read it, no polishing.",
    ),
    "es": (
        "Para la próxima: traer dos ofertas y marcar lo que ya tengo y lo que me falta.",
        "Preguntaré si puedes asistir a la reunión de presupuesto de mi región.",
    ),
}
PRIVATE_NOTES = {
    "en": (
        "Ask about the exam without sounding as if I wanted to leave tomorrow.",
        "I talk too fast when it is about me. Breathe.",
        "Think about whether supervising is what I want, or just the next step that everybody takes.",
    ),
    "es": ("Preguntar por el examen sin que parezca que me quiero ir mañana.",),
}
CALL = {
    "en": "My shifts were changed and I don't know how to go on. Could we talk?",
    "es": "Me cambiaron los turnos y no sé cómo seguir. ¿Podemos hablar?",
}
LOW = {
    "en": "We have met twice and both times it was cut short.",
    "es": "Nos hemos reunido dos veces y las dos se cortaron antes de tiempo.",
}
HELP = {
    "schedule": {
        "en": "My supervisor says that I may only go when the desk is covered, and it never is. What can I do?",
        "es": "En mi sucursal solo puedo salir cuando el mostrador está cubierto, y nunca lo está. ¿Qué puedo hacer?",
    },
    "match": {
        "en": "We are kind to each other, but our goals have little in common. I'd like to hear what is possible.",
        "es": "Nos llevamos bien, pero nuestras metas tienen poco en común. Quisiera saber qué se puede hacer.",
    },
}
