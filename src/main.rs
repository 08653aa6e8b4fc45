//! The program: argv in, exit code out. The only file that reads the clock.

use mimalloc::MiMalloc;
use noticeboard::cli;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main(std::env::args_os(), chrono::Utc::now())
}
