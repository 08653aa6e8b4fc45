//! The program's allocator, which can be asked to count.

use mimalloc::MiMalloc;
use std::alloc::{GlobalAlloc, Layout};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

static COUNTS: AtomicBool = AtomicBool::new(false);
static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

// SAFETY: everything is handed on to MiMalloc as it is; beside it only numbers change.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        gave(layout.size());
        unsafe { MiMalloc.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        took(size);
        gave(layout.size());
        unsafe { MiMalloc.realloc(place, layout, size) }
    }
}

fn took(size: usize) {
    if COUNTS.load(Relaxed) {
        MOST.fetch_max(HELD.fetch_add(size, Relaxed) + size, Relaxed);
    }
}

fn gave(size: usize) {
    if COUNTS.load(Relaxed) {
        HELD.fetch_sub(size, Relaxed);
    }
}

/// The most bytes that some work held at once.
pub fn most_held<T>(work: &dyn Fn() -> T) -> usize {
    HELD.store(0, Relaxed);
    MOST.store(0, Relaxed);
    COUNTS.store(true, Relaxed);
    black_box(work());
    COUNTS.store(false, Relaxed);
    MOST.load(Relaxed)
}
