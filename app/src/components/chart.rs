//! A column a day, as plain SVG: no library, readable by assistive technology as one sentence, exact figures on hover.

use crate::format;
use leptos::prelude::*;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it stands for.
    pub label: String,
    /// Its height.
    pub value: u64,
    /// The part of it in the second colour.
    pub part: u64,
}

const WIDTH: f64 = 640.0;

/// Columns over days, with the highest value as a line to compare with.
pub fn columns(name: String, columns: Vec<Column>, height: u32) -> AnyView {
    let top = columns.iter().map(|column| column.value).max().unwrap_or(0).max(1);
    let height = f64::from(height);
    let (floor, ceiling) = (height - 18.0, 16.0);
    let step = WIDTH / columns.len().max(1) as f64;
    let width = (step * 0.7).clamp(1.0, 28.0);
    let y = move |value: u64| floor - (floor - ceiling) * value as f64 / top as f64;
    let last = columns.len().saturating_sub(1);
    // As many dates as fit beside each other.
    let every = (columns.len() as f64 * 72.0 / WIDTH).ceil().max(1.0) as usize;
    view! {
        <svg class="chart" viewBox=format!("0 0 {WIDTH} {height}") role="img" aria-label=name>
            <line class="chart-grid" x1="0" x2=WIDTH.to_string() y1=ceiling.to_string() y2=ceiling.to_string()/>
            <line class="chart-axis" x1="0" x2=WIDTH.to_string() y1=floor.to_string() y2=floor.to_string()/>
            <text class="chart-top" x="0" y=(ceiling - 4.0).to_string()>{format::count(top)}</text>
            {columns
                .into_iter()
                .enumerate()
                .map(|(at, column)| {
                    let x = step * at as f64 + (step - width) / 2.0;
                    let (high, part) = (y(column.value), y(column.part));
                    let dated = at % every == last % every;
                    let short = column.label.get(5..).unwrap_or(&column.label).to_owned();
                    view! {
                        <g>
                            <title>{format!("{}  {}", column.label, format::count(column.value))}</title>
                            <rect class="chart-hit" x=(step * at as f64).to_string() y="0" width=step.to_string() height=floor.to_string()/>
                            <rect class="chart-column" x=x.to_string() y=high.to_string() width=width.to_string() height=(floor - high).to_string()/>
                            <rect class="chart-part" x=x.to_string() y=part.to_string() width=width.to_string() height=(floor - part).to_string()/>
                            {dated.then(|| view! { <text class="chart-date" x=(x + width / 2.0).to_string() y=(height - 4.0).to_string()>{short}</text> })}
                        </g>
                    }
                })
                .collect_view()}
        </svg>
    }
    .into_any()
}
