//! Which lines of two texts are changed, as GNU diff finds it: a shortest script by Myers'
//! divide and conquer, its runs then shifted as far down as they go.
//!
//! Upstream: GNU diffutils 3 (`analyze.c`, `diffseq.h`), which `kubectl diff` runs.
//!
//! Leaves out: lines that occur very often and are set aside at first.

use crate::base::Set;

/// Steps after which a middle is good enough.
const MAX_COST: usize = 2_000;

/// Lines at both ends that are compared although they are the same, so that runs can be shifted.
const HORIZON: usize = 3;

/// For each line of either text whether it is changed.
#[must_use]
pub fn changes(old: &[&str], new: &[&str]) -> [Vec<bool>; 2] {
    let head = common(old.iter().zip(new)).saturating_sub(HORIZON);
    let rest = |text: &[&str]| text.len() - head;
    let tail = common(old.iter().rev().zip(new.iter().rev())).min(rest(old)).min(rest(new));
    let tail = tail.saturating_sub(HORIZON);
    let within = |text: &[&str], line: usize| line >= head && line < text.len() - tail;
    let texts = [old, new];
    // Lines that the other text does not have are changed, whatever the script.
    let lone = [(old, new), (new, old)].map(|(text, other)| {
        let other: Set<&str> = other.iter().copied().collect();
        let lone = text.iter().enumerate().map(|(at, line)| within(text, at) && !other.contains(line));
        lone.collect::<Vec<bool>>()
    });
    let mut search = Search::default();
    for (side, text) in texts.into_iter().enumerate() {
        let flags = lone.get(side).map_or(&[][..], Vec::as_slice);
        let kept = (0..text.len()).filter(|at| within(text, *at) && flags.get(*at) == Some(&false));
        let side = if side == 0 { &mut search.old } else { &mut search.new };
        for at in kept {
            side.lines.push(text.get(at).copied().unwrap_or_default());
            side.places.push(at);
        }
        side.changed = flags.to_vec();
    }
    search.run();
    let mut changed = [search.old.changed, search.new.changed];
    // Nor does a run move beyond.
    let [old_flags, new_flags] = &mut changed;
    let [old_end, new_end] = texts.map(|text| text.len() - tail);
    let parts = (old_flags.get_mut(head..old_end), new_flags.get_mut(head..new_end));
    if let (Some(old_flags), Some(new_flags)) = parts {
        shift(old_flags, new_flags, old.get(head..old_end).unwrap_or_default());
        shift(new_flags, old_flags, new.get(head..new_end).unwrap_or_default());
    }
    changed
}

/// How many pairs at the beginning are of two that are the same.
fn common<T: PartialEq>(pairs: impl Iterator<Item = (T, T)>) -> usize {
    pairs.take_while(|(a, b)| a == b).count()
}

/// One of the texts: the lines that are searched, and where they stand.
#[derive(Default)]
struct Side<'t> {
    lines: Vec<&'t str>,
    places: Vec<usize>,
    changed: Vec<bool>,
}

impl<'t> Side<'t> {
    fn line(&self, at: isize) -> Option<&'t str> {
        usize::try_from(at).ok().and_then(|at| self.lines.get(at).copied())
    }

    fn mark(&mut self, from: isize, to: isize) {
        for at in from..to {
            let place = usize::try_from(at).ok().and_then(|at| self.places.get(at));
            if let Some(flag) = place.and_then(|place| self.changed.get_mut(*place)) {
                *flag = true;
            }
        }
    }
}

/// Part of both texts: from line to line.
#[derive(Clone, Copy)]
struct Part {
    x: isize,
    x_end: isize,
    y: isize,
    y_end: isize,
}

#[derive(Default)]
struct Search<'t> {
    old: Side<'t>,
    new: Side<'t>,
    /// Furthest places by diagonal, from the beginning and from the end.
    forward: Diagonals,
    backward: Diagonals,
}

/// Numbers by diagonal, which may be negative.
#[derive(Default)]
struct Diagonals {
    cells: Vec<isize>,
    offset: isize,
}

impl Diagonals {
    fn get(&self, diagonal: isize) -> isize {
        usize::try_from(diagonal + self.offset).ok().and_then(|at| self.cells.get(at).copied()).unwrap_or_default()
    }

    fn set(&mut self, diagonal: isize, value: isize) {
        if let Some(cell) = usize::try_from(diagonal + self.offset).ok().and_then(|at| self.cells.get_mut(at)) {
            *cell = value;
        }
    }
}

impl Search<'_> {
    fn is_same(&self, x: isize, y: isize) -> bool {
        self.old.line(x).is_some_and(|line| self.new.line(y) == Some(line))
    }

    fn run(&mut self) {
        let [x_end, y_end] = [self.old.lines.len(), self.new.lines.len()].map(|len| isize::try_from(len).unwrap_or(0));
        for diagonals in [&mut self.forward, &mut self.backward] {
            diagonals.offset = y_end + 1;
            diagonals.cells = vec![0; usize::try_from(x_end + y_end + 3).unwrap_or(0)];
        }
        let mut parts = vec![Part { x: 0, x_end, y: 0, y_end }];
        while let Some(mut part) = parts.pop() {
            while part.x < part.x_end && part.y < part.y_end && self.is_same(part.x, part.y) {
                part.x += 1;
                part.y += 1;
            }
            while part.x < part.x_end && part.y < part.y_end && self.is_same(part.x_end - 1, part.y_end - 1) {
                part.x_end -= 1;
                part.y_end -= 1;
            }
            if part.x == part.x_end {
                self.new.mark(part.y, part.y_end);
            } else if part.y == part.y_end {
                self.old.mark(part.x, part.x_end);
            } else {
                let (x, y) = self.middle(part);
                parts.push(Part { x_end: x, y_end: y, ..part });
                parts.push(Part { x, y, ..part });
            }
        }
    }

    /// A place that a shortest script goes through, found from both ends at once.
    fn middle(&mut self, part: Part) -> (isize, isize) {
        let Part { x: x_min, x_end, y: y_min, y_end } = part;
        let (lowest, highest) = (x_min - y_end, x_end - y_min);
        let (first, last) = (x_min - y_min, x_end - y_end);
        let is_odd = (first - last) % 2 != 0;
        let (mut ahead, mut back) = ((first, first), (last, last));
        self.forward.set(first, x_min);
        self.backward.set(last, x_end);
        for _ in 0..MAX_COST {
            widen(&mut ahead, lowest, highest, &mut self.forward, -1);
            let mut diagonal = ahead.1;
            while diagonal >= ahead.0 {
                let (below, above) = (self.forward.get(diagonal - 1), self.forward.get(diagonal + 1));
                let mut x = if below < above { above } else { below + 1 };
                while x < x_end && x - diagonal < y_end && self.is_same(x, x - diagonal) {
                    x += 1;
                }
                self.forward.set(diagonal, x);
                if is_odd && back.0 <= diagonal && diagonal <= back.1 && self.backward.get(diagonal) <= x {
                    return (x, x - diagonal);
                }
                diagonal -= 2;
            }
            widen(&mut back, lowest, highest, &mut self.backward, isize::MAX);
            let mut diagonal = back.1;
            while diagonal >= back.0 {
                let (below, above) = (self.backward.get(diagonal - 1), self.backward.get(diagonal + 1));
                let mut x = if below < above { below } else { above - 1 };
                while x_min < x && y_min < x - diagonal && self.is_same(x - 1, x - diagonal - 1) {
                    x -= 1;
                }
                self.backward.set(diagonal, x);
                if !is_odd && ahead.0 <= diagonal && diagonal <= ahead.1 && x <= self.forward.get(diagonal) {
                    return (x, x - diagonal);
                }
                diagonal -= 2;
            }
        }
        self.furthest(part, ahead)
    }

    /// The place that the way from the beginning has come furthest to.
    fn furthest(&self, part: Part, ahead: (isize, isize)) -> (isize, isize) {
        let reached = (ahead.0..=ahead.1).step_by(2).map(|diagonal| {
            let x = self.forward.get(diagonal).min(part.x_end);
            if x - diagonal > part.y_end { (part.y_end + diagonal, part.y_end) } else { (x, x - diagonal) }
        });
        reached.max_by_key(|(x, y)| x + y).unwrap_or((part.x_end, part.y_end))
    }
}

/// One diagonal more on either side, as far as there are any.
fn widen(range: &mut (isize, isize), lowest: isize, highest: isize, cells: &mut Diagonals, beyond: isize) {
    if range.0 > lowest {
        range.0 -= 1;
        cells.set(range.0 - 1, beyond);
    } else {
        range.0 += 1;
    }
    if range.1 < highest {
        range.1 += 1;
        cells.set(range.1 + 1, beyond);
    } else {
        range.1 -= 1;
    }
}

/// Moves each run of changed lines down as far as the lines allow, and joins those that meet;
/// then back to where the other text is changed too.
fn shift(changed: &mut [bool], other: &[bool], text: &[&str]) {
    let is = |flags: &[bool], at: usize| flags.get(at).copied().unwrap_or(false);
    let before = |flags: &[bool], at: usize| at > 0 && is(flags, at - 1);
    let set = |flags: &mut [bool], at: usize, to: bool| {
        if let Some(flag) = flags.get_mut(at) {
            *flag = to;
        }
    };
    let len = text.len();
    // `at` stands in this text, `there` at the place beside it in the other.
    let (mut at, mut there) = (0, 0);
    loop {
        while at < len && !is(changed, at) {
            while is(other, there) {
                there += 1;
            }
            there += 1;
            at += 1;
        }
        if at >= len {
            return;
        }
        let mut start = at;
        while is(changed, at) {
            at += 1;
        }
        while is(other, there) {
            there += 1;
        }
        let mut beside;
        loop {
            let length = at - start;
            while start > 0 && text.get(start - 1) == text.get(at - 1) {
                start -= 1;
                at -= 1;
                set(changed, start, true);
                set(changed, at, false);
                while before(changed, start) {
                    start -= 1;
                }
                there = there.saturating_sub(1);
                while there > 0 && is(other, there) {
                    there -= 1;
                }
            }
            beside = if before(other, there) { at } else { len };
            while at < len && text.get(start) == text.get(at) {
                set(changed, start, false);
                set(changed, at, true);
                start += 1;
                at += 1;
                while is(changed, at) {
                    at += 1;
                }
                there += 1;
                while is(other, there) {
                    beside = at;
                    there += 1;
                }
            }
            if length == at - start {
                break;
            }
        }
        while beside < at {
            start -= 1;
            at -= 1;
            set(changed, start, true);
            set(changed, at, false);
            there = there.saturating_sub(1);
            while there > 0 && is(other, there) {
                there -= 1;
            }
        }
    }
}
