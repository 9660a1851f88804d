//! The plots: for each kind of work and each transport how the contestants compare, by the size of
//! a message.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use contestant::{Pattern, Transport, Work};
use plotters::prelude::*;
use plotters::style::full_palette as palette;

use crate::measure::Results;

const COLORS: [RGBColor; 9] = [
    palette::BLACK,
    palette::RED_700,
    palette::ORANGE_700,
    palette::PINK_300,
    palette::BLUE_700,
    palette::CYAN_700,
    palette::GREEN_700,
    palette::PURPLE_400,
    palette::BROWN_400,
];

/// The name of a plot's file.
pub fn file_name(work: Work, transport: Transport) -> String {
    let work = match work {
        Work::Throughput => "throughput",
        Work::RoundTrip => "round-trip",
    };
    format!("{work}-{}.svg", format!("{transport:?}").to_lowercase())
}

/// Draws all plots into that folder.
pub fn all(results: &Results, folder: &Path) -> Result<()> {
    for work in Work::ALL {
        for transport in Transport::ALL {
            let file = folder.join(file_name(work, transport));
            draw(results, work, transport, &file)
                .map_err(|error| anyhow!("{error}"))
                .with_context(|| format!("cannot draw {}", file.display()))?;
        }
    }
    Ok(())
}

/// A contestant's name, its place in the list, and its ratios by size.
type Line<'a> = (&'a str, usize, Vec<(f64, f64)>);

fn draw(
    results: &Results,
    work: Work,
    transport: Transport,
    file: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let (pattern, title) = match work {
        Work::Throughput => (Pattern::PushPull, "Push/Pull: throughput, as a multiple of libzmq's"),
        Work::RoundTrip => (Pattern::ReqRep, "Req/Rep: speed of round trips, libzmq's is 1"),
    };
    let lines: Vec<Line<'_>> = results
        .names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let rows = results.rows.iter().filter(|row| {
                (row.job.work, row.job.pattern, row.job.transport) == (work, pattern, transport)
            });
            let points = rows.filter_map(|row| {
                Some((row.job.size as f64, row.series[index].as_ref()?.ratio().median))
            });
            (&**name, index, points.collect())
        })
        .filter(|(_, _, points): &Line<'_>| !points.is_empty())
        .collect();
    let values = lines.iter().flat_map(|(_, _, points)| points);
    let highest = values.map(|point| point.1).fold(1.0, f64::max) * 1.1;
    let sizes = lines.iter().flat_map(|(_, _, points)| points).map(|point| point.0);
    let (least, most) =
        sizes.fold((64.0, 1024.0), |(low, high), size| (f64::min(low, size), f64::max(high, size)));

    let area = SVGBackend::new(file, (800, 440)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(
            format!("{title} ({})", format!("{transport:?}").to_lowercase()),
            ("sans-serif", 20),
        )
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(48)
        .build_cartesian_2d((least / 4.0..most * 1.2).log_scale().base(2.0), 0.0..highest)?;
    chart
        .configure_mesh()
        .x_desc("bytes in a message")
        .x_label_formatter(&|size| format!("{size:.0}"))
        .y_label_formatter(&|ratio| format!("{ratio:.1}"))
        .light_line_style(WHITE)
        .draw()?;
    for (name, index, points) in lines {
        let color = COLORS[index % COLORS.len()];
        let style = color.stroke_width(if index < 3 { 3 } else { 1 });
        let circles = points.clone();
        chart
            .draw_series(LineSeries::new(points, style))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], style));
        chart.draw_series(circles.into_iter().map(|at| Circle::new(at, 3, color.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK)
        .draw()?;
    area.present()?;
    Ok(())
}
