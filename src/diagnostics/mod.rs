//! What went wrong and where: the error log and reports.
