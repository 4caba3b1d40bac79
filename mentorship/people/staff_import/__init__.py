"""A staff list on its way in: read, named column by column, previewed row by row, then imported as a job."""
