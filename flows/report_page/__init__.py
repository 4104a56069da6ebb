"""The report: what is published in the warehouse, of a period of days, as one HTML file that needs nothing else."""

from __future__ import annotations

from flows.report_page.writing import ReportFile, write_report

__all__ = ["ReportFile", "write_report"]
