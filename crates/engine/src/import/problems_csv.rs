//! What an import refused, as a table for spreadsheets.

use super::entity::problem;
use super::queries;
use crate::Ctx;
use crate::error::Result;
use domain::id::ImportId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Every stored problem of a job as CSV, with a byte order mark for Excel.
pub async fn problems_csv(ctx: &Ctx, import: ImportId) -> Result<String> {
    let row = queries::import(ctx, import).await?;
    let problems = problem::Entity::find()
        .filter(problem::Column::ImportId.eq(row.id))
        .order_by_asc(problem::Column::Position)
        .all(ctx.read())
        .await?;
    let mut table =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{FEFF}".as_bytes().to_vec());
    let broken = |error: csv::Error| anyhow::Error::new(error).context("table of problems");
    table.write_record(["line", "file", "code", "message_zh", "message_en", "sample"]).map_err(broken)?;
    for row in problems {
        let problem = queries::problem_view(row)?;
        let line = problem.line.map(|line| line.to_string()).unwrap_or_default();
        let file = inert(problem.name.unwrap_or_default());
        let sample = inert(problem.sample.unwrap_or_default());
        let cells = [&line, &file, &problem.code, &problem.message.zh, &problem.message.en, &sample];
        table.write_record(cells).map_err(broken)?;
    }
    let bytes = table.into_inner().map_err(|error| anyhow::anyhow!("table of problems: {error}"))?;
    Ok(String::from_utf8(bytes).map_err(anyhow::Error::new)?)
}

/// What came from outside must not be run as a formula.
fn inert(cell: String) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']);
    if is_formula { format!("'{cell}") } else { cell }
}
