//! The program: argv in, exit code out. The only file that reads the clock.

use noticeboard::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main(std::env::args_os(), chrono::Utc::now())
}
