//! Tables as files to be downloaded: for spreadsheets, and as plain text.

use super::{reader::Reader, session};
use crate::domain::error::{Error, Result};
use chrono::{Datelike, NaiveDate};
use rocket::{
    Request, Response,
    response::{self, Responder},
};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook, XlsxError};
use std::io::Cursor;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// For spreadsheets, as text.
    Csv,
    /// The first column alone, a line each.
    Text,
    /// For spreadsheets, as a workbook.
    Workbook,
}

impl Format {
    /// What such a file's name ends with.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Text => "txt",
            Self::Workbook => "xlsx",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        [Self::Csv, Self::Text, Self::Workbook]
            .into_iter()
            .find(|format| format.code() == code)
    }
}

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Text(String),
    Number(i64),
    /// Hundredths: an amount, or a share.
    Hundredths(i64),
    Day(NaiveDate),
    Nothing,
}

impl Cell {
    /// A text, or nothing.
    pub(super) fn text(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) headings: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Writes the table; slow where it is long.
    ///
    /// # Errors
    /// Of the format, where a table is larger than it can be.
    pub(super) fn write(&self, format: Format, reader: &Reader) -> Result<Vec<u8>> {
        match format {
            Format::Csv => Ok(self.csv(reader)),
            Format::Text => Ok(self.text(reader)),
            Format::Workbook => self.workbook().map_err(Error::internal),
        }
    }

    /// With semicolons, as spreadsheets of this part of the world read it, and a mark that says it is UTF-8.
    fn csv(&self, reader: &Reader) -> Vec<u8> {
        let mut csv = String::from("\u{feff}");
        let headings: Vec<String> = self.headings.iter().map(|text| field(text)).collect();
        csv.push_str(&headings.join(";"));
        csv.push_str("\r\n");
        for row in &self.rows {
            for (n, cell) in row.iter().enumerate() {
                if n > 0 {
                    csv.push(';');
                }
                match cell {
                    Cell::Text(text) => csv.push_str(&field(text)),
                    Cell::Number(number) => csv.push_str(&number.to_string()),
                    Cell::Hundredths(number) => csv.push_str(&decimal(*number, reader)),
                    Cell::Day(day) => csv.push_str(&field(&reader.day(*day))),
                    Cell::Nothing => {}
                }
            }
            csv.push_str("\r\n");
        }
        csv.into_bytes()
    }

    fn text(&self, reader: &Reader) -> Vec<u8> {
        let mut text = String::new();
        for cell in self.rows.iter().filter_map(|row| row.first()) {
            match cell {
                Cell::Text(cell) => text.push_str(cell),
                Cell::Number(number) => text.push_str(&number.to_string()),
                Cell::Hundredths(number) => text.push_str(&decimal(*number, reader)),
                Cell::Day(day) => text.push_str(&reader.day(*day)),
                Cell::Nothing => {}
            }
            text.push_str("\r\n");
        }
        text.into_bytes()
    }

    fn workbook(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let (bold, day) = (Style::new().set_bold(), Style::new().set_num_format("dd/mm/yyyy"));
        let decimals = Style::new().set_num_format("#,##0.00");
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, heading) in (0_u16..).zip(&self.headings) {
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    // As a text, so that nothing of it is taken for a formula.
                    Cell::Text(text) => sheet.write_string(line, column, text)?,
                    Cell::Number(number) => sheet.write_number(line, column, *number as f64)?,
                    Cell::Hundredths(number) => {
                        sheet.write_number_with_format(line, column, *number as f64 / 100.0, &decimals)?
                    }
                    Cell::Day(date) => {
                        sheet.write_datetime_with_format(line, column, &excel(*date)?, &day)?
                    }
                    Cell::Nothing => continue,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
        workbook.save_to_buffer()
    }
}

/// Hundredths as a spreadsheet of the reader's reads a number: nothing between the thousands.
fn decimal(number: i64, reader: &Reader) -> String {
    let (separator, sign) = (reader.separator(), if number < 0 { "-" } else { "" });
    let number = number.unsigned_abs();
    format!("{sign}{}{separator}{:02}", number / 100, number % 100)
}

/// A day as a workbook counts it.
fn excel(day: NaiveDate) -> std::result::Result<ExcelDateTime, XlsxError> {
    let part = |n: u32| u8::try_from(n).unwrap_or_default();
    let year = u16::try_from(day.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))
}

/// A field of a CSV (RFC 4180): what a spreadsheet would take for a formula begins with an apostrophe.
fn field(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([';', ',', '"', '\n', '\r', '\'']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// A file that a browser saves.
#[derive(Debug)]
pub(super) struct Download {
    /// Its name: letters, digits, hyphens.
    pub(super) name: String,
    /// How it is written.
    pub(super) format: Format,
    /// What stands in it.
    pub(super) bytes: Vec<u8>,
}

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        // Whatever it holds: nothing is taken along with somebody else's eyes.
        if session::of(request).is_some_and(|session| session.seeing.is_some()) {
            return Err(rocket::http::Status::Forbidden);
        }
        let kind = match self.format {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Text => "text/plain; charset=utf-8",
            Format::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        };
        Response::build()
            .raw_header("Content-Type", kind)
            .raw_header(
                "Content-Disposition",
                format!("attachment; filename=\"{}.{}\"", self.name, self.format.code()),
            )
            .raw_header("Cache-Control", "no-store")
            .sized_body(self.bytes.len(), Cursor::new(self.bytes))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn no_field_is_a_formula_and_each_is_one_field() {
        for (text, written) in [
            ("Officine Brenta", "Officine Brenta"),
            ("=1+1", "\"'=1+1\""),
            ("+39 041", "\"'+39 041\""),
            ("-3", "\"'-3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("a;b", "\"a;b\""),
            ("a \"b\"\nc", "\"a \"\"b\"\"\nc\""),
            ("", ""),
        ] {
            assert_eq!(field(text), written);
        }
    }
}
