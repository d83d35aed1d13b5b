//! Where nodes are on the board, and which is beside which.

use crate::ui::dom;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Left, top, right and bottom in the window.
pub(super) type Edges = [f64; 4];

/// A node on the board.
pub(super) struct Spot {
    pub name: String,
    pub edges: Edges,
    element: Element,
}

impl Spot {
    /// Shows that something is held over it, or no longer.
    pub fn mark(&self, over: bool) {
        let _ = match over {
            true => self.element.set_attribute("data-over", ""),
            false => self.element.remove_attribute("data-over"),
        };
    }

    /// Gives the keyboard's focus to the node.
    pub fn focus(&self) {
        let cover = self.element.query_selector(".cover").ok().flatten();
        if let Ok(button) = cover.unwrap_or_else(|| self.element.clone()).dyn_into::<HtmlElement>() {
            dom::focus(&button);
        }
    }
}

/// All nodes that are drawn, in their order.
pub(super) fn spots() -> Vec<Spot> {
    let Some(document) = dom::window().and_then(|window| window.document()) else { return Vec::new() };
    let Ok(list) = document.query_selector_all("#board [data-node]") else { return Vec::new() };
    let spot = |at| {
        let element: Element = list.item(at)?.dyn_into().ok()?;
        let rect = element.get_bounding_client_rect();
        let edges = [rect.left(), rect.top(), rect.right(), rect.bottom()];
        Some(Spot { name: element.get_attribute("data-node")?, edges, element })
    };
    (0..list.length()).filter_map(spot).collect()
}

/// The name of the node that an element is part of.
pub(super) fn node_at(element: &Element) -> Option<String> {
    element.closest("#board [data-node]").ok().flatten()?.get_attribute("data-node")
}

/// Whether two rectangles have a point in common.
pub(super) fn meet(a: Edges, b: Edges) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/// Where an arrow key leads to: along the rows in their order; up and down to the nearest row,
/// and there to the nearest place.
pub(super) fn beside(key: &str, at: usize, edges: &[Edges]) -> Option<usize> {
    let middle = |edges: &Edges| ((edges[0] + edges[2]) / 2.0, (edges[1] + edges[3]) / 2.0);
    let here = edges.get(at)?;
    let (x, _) = middle(here);
    let is_beyond: &dyn Fn(&Edges) -> bool = match key {
        "ArrowRight" => return Some(at + 1).filter(|to| *to < edges.len()),
        "ArrowLeft" => return at.checked_sub(1),
        "ArrowDown" => &|other| other[1] >= here[3] - 1.0,
        "ArrowUp" => &|other| other[3] <= here[1] + 1.0,
        _ => return None,
    };
    let far = |other: &Edges| {
        let (dx, dy) = ((middle(other).0 - x).abs(), (other[1] - here[1]).abs());
        // A row is as far as its upper edge: cards of one row have the same.
        dy * 1_000.0 + dx
    };
    let mut best: Option<(usize, f64)> = None;
    for (to, other) in edges.iter().enumerate().filter(|(_, other)| is_beyond(other)) {
        if best.is_none_or(|(_, least)| far(other) < least) {
            best = Some((to, far(other)));
        }
    }
    best.map(|(to, _)| to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_follow_rows_and_columns() {
        // a b c
        // d e
        let place = |column: f64, row: f64| [column * 10.0, row * 10.0, column * 10.0 + 8.0, row * 10.0 + 8.0];
        let edges = [place(0.0, 0.0), place(1.0, 0.0), place(2.0, 0.0), place(0.0, 1.0), place(1.0, 1.0)];
        let check = |key: &str, at: usize, want: Option<usize>| assert_eq!(beside(key, at, &edges), want, "{key} {at}");
        check("ArrowRight", 2, Some(3));
        check("ArrowRight", 4, None);
        check("ArrowLeft", 0, None);
        check("ArrowDown", 1, Some(4));
        check("ArrowDown", 2, Some(4));
        check("ArrowDown", 3, None);
        check("ArrowUp", 4, Some(1));
        check("ArrowUp", 0, None);
        check("Enter", 0, None);
        assert!(meet(edges[0], [5.0, 5.0, 6.0, 6.0]) && !meet(edges[0], edges[4]));
    }
}
