"""The report as a file: a document to hand on, and tables to go on counting with."""

from mentorship.reports.exports.document import to_pdf
from mentorship.reports.exports.spreadsheets import to_csv, to_xlsx

__all__ = ["to_csv", "to_pdf", "to_xlsx"]
