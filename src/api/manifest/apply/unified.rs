//! Two texts compared line by line, as `diff -u` prints it.
//!
//! Upstream: GNU diffutils 3 (`context.c`).

use super::changes::changes;

/// Unchanged lines around changed ones.
const CONTEXT: usize = 3;

/// What is printed below the names of the files; empty for texts that are the same. Every line
/// of either text ends.
#[must_use]
pub fn hunks(old: &str, new: &str) -> String {
    let [old, new] = [old, new].map(|text| text.lines().collect::<Vec<&str>>());
    let runs = runs(&changes(&old, &new));
    let mut out = String::new();
    let mut rest = runs.as_slice();
    while let Some(first) = rest.first() {
        // Runs with little between them share a hunk.
        let gaps = rest.windows(2).take_while(|pair| matches!(pair, [a, b] if b.old.0 - a.old.1 <= 2 * CONTEXT));
        let (hunk, others) = rest.split_at(gaps.count() + 1);
        rest = others;
        let last = hunk.last().unwrap_or(first);
        let before = CONTEXT.min(first.old.0);
        let after = CONTEXT.min(old.len() - last.old.1);
        let range = |from: usize, to: usize| match to - from {
            1 => to.to_string(),
            0 => format!("{from},0"),
            lines => format!("{},{lines}", from + 1),
        };
        let [from, to] =
            [range(first.old.0 - before, last.old.1 + after), range(first.new.0 - before, last.new.1 + after)];
        out.push_str(&format!("@@ -{from} +{to} @@\n"));
        let mut print = |sign: char, lines: &[&str], from: usize, to: usize| {
            for line in lines.get(from..to).unwrap_or_default() {
                out.push(sign);
                out.push_str(line);
                out.push('\n');
            }
        };
        let mut at = first.old.0 - before;
        for run in hunk {
            print(' ', &old, at, run.old.0);
            print('-', &old, run.old.0, run.old.1);
            print('+', &new, run.new.0, run.new.1);
            at = run.old.1;
        }
        print(' ', &old, at, at + after);
    }
    out
}

/// Lines that stand in the place of others, from and to.
struct Run {
    old: (usize, usize),
    new: (usize, usize),
}

fn runs([old, new]: &[Vec<bool>; 2]) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut x, mut y) = (0, 0);
    while x < old.len() || y < new.len() {
        let run = |flags: &[bool], from: usize| from + flags.iter().skip(from).take_while(|changed| **changed).count();
        let (x_end, y_end) = (run(old, x), run(new, y));
        if (x_end, y_end) != (x, y) {
            runs.push(Run { old: (x, x_end), new: (y, y_end) });
        }
        (x, y) = (x_end + 1, y_end + 1);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_are_those_of_diff() {
        let check = |old: &str, new: &str, want: &str| {
            let lines = |text: &str| text.chars().map(|c| format!("{c}\n")).collect::<String>();
            assert_eq!(hunks(&lines(old), &lines(new)), want.replace('|', "\n"), "{old} {new}");
        };
        check("abc", "abc", "");
        check("", "ab", "@@ -0,0 +1,2 @@|+a|+b|");
        check("ab", "", "@@ -1,2 +0,0 @@|-a|-b|");
        check("abcdefgh", "abcdXfgh", "@@ -2,7 +2,7 @@| b| c| d|-e|+X| f| g| h|");
        check("a", "b", "@@ -1 +1 @@|-a|+b|");
        check("axbc", "axbxbc", "@@ -1,4 +1,6 @@| a| x| b|+x|+b| c|");
        check("1abcdefg2", "3abcdefg4", "@@ -1,4 +1,4 @@|-1|+3| a| b| c|@@ -6,4 +6,4 @@| e| f| g|-2|+4|");
    }
}
