//! The least cut between two sides of a net of pixels, by the largest flow through it.
//!
//! The algorithm of Boykov and Kolmogorov (PAMI 2004), made for such nets: from each side a tree grows; where the two
//! meet, flow goes through until an edge is full, and what was cut off looks for another branch to hang on.

use std::collections::VecDeque;

/// Pixels, each with up to eight neighbours.
#[derive(Debug, Clone)]
pub struct Net {
    nodes: Vec<Node>,
    time: u32,
    active: VecDeque<u32>,
    orphans: VecDeque<u32>,
}

#[derive(Debug, Clone)]
struct Node {
    near: [u32; 8],
    room: [i32; 8],
    /// Room from the first side where above 0, to the second where below.
    side: i32,
    tree: Tree,
    parent: Parent,
    seen: u32,
    depth: u32,
    waits: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tree {
    None,
    First,
    Second,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parent {
    None,
    Orphan,
    Root,
    Step(u8),
}

/// No neighbour.
const NOBODY: u32 = u32::MAX;

impl Net {
    /// A net of so many pixels that no edge joins yet.
    pub fn new(count: usize) -> Net {
        let node = Node {
            near: [NOBODY; 8],
            room: [0; 8],
            side: 0,
            tree: Tree::None,
            parent: Parent::None,
            seen: 0,
            depth: 0,
            waits: false,
        };
        Net { nodes: vec![node; count], time: 0, active: VecDeque::new(), orphans: VecDeque::new() }
    }

    /// Leans a pixel to the first side (above 0) or the second (below 0): what it costs more to be on the other.
    pub fn lean(&mut self, node: usize, by: i32) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.side = node.side.saturating_add(by);
        }
    }

    /// Joins two pixels in a direction of the first, 0 to 7, where the opposite is 4 further: what it costs to part them.
    pub fn join(&mut self, a: usize, direction: usize, b: usize, cost: i32) {
        if a == b || direction >= 8 || a >= self.nodes.len() || b >= self.nodes.len() {
            return;
        }
        for (from, direction, to) in [(a, direction, b), (b, (direction + 4) % 8, a)] {
            if let Some(node) = self.nodes.get_mut(from)
                && let (Some(near), Some(room)) = (node.near.get_mut(direction), node.room.get_mut(direction))
            {
                *near = to as u32;
                *room = cost.max(0);
            }
        }
    }

    /// Parts the net at least cost: which pixels are on the first side. Where it costs the same, the second is taken.
    pub fn cut(mut self) -> Vec<bool> {
        for n in 0..self.nodes.len() {
            let Some(node) = self.nodes.get_mut(n) else { continue };
            node.tree = match node.side {
                1.. => Tree::First,
                ..=-1 => Tree::Second,
                0 => continue,
            };
            node.parent = Parent::Root;
            node.depth = 1;
            self.wake(n as u32);
        }
        let mut current = None;
        while let Some(n) = current.take().or_else(|| self.next_active()) {
            if self.node(n).is_none_or(|node| node.parent == Parent::None) {
                continue;
            }
            if let Some((first, direction)) = self.grow(n) {
                self.time += 1;
                self.push_flow(first, direction);
                while let Some(orphan) = self.orphans.pop_front() {
                    self.adopt(orphan);
                }
                current = Some(n);
            }
        }
        self.nodes.iter().map(|node| node.tree == Tree::First).collect()
    }

    fn node(&self, n: u32) -> Option<&Node> {
        self.nodes.get(n as usize)
    }

    fn wake(&mut self, n: u32) {
        if let Some(node) = self.nodes.get_mut(n as usize)
            && !node.waits
        {
            node.waits = true;
            self.active.push_back(n);
        }
    }

    fn next_active(&mut self) -> Option<u32> {
        let n = self.active.pop_front()?;
        if let Some(node) = self.nodes.get_mut(n as usize) {
            node.waits = false;
        }
        Some(n)
    }

    /// The neighbour in a direction and the room from here to there, or from there to here.
    fn edge(&self, n: u32, direction: usize, outwards: bool) -> Option<(u32, i32)> {
        let node = self.node(n)?;
        let near = *node.near.get(direction)?;
        let other = self.node(near)?;
        let room = if outwards { *node.room.get(direction)? } else { *other.room.get((direction + 4) % 8)? };
        Some((near, room))
    }

    /// Lets a tree grow from this pixel; where it meets the other tree, gives the first side's end of the joint.
    fn grow(&mut self, n: u32) -> Option<(u32, usize)> {
        let (tree, seen, depth) = self.node(n).map(|node| (node.tree, node.seen, node.depth))?;
        for direction in 0..8 {
            let Some((near, room)) = self.edge(n, direction, tree == Tree::First) else { continue };
            if room <= 0 {
                continue;
            }
            let opposite = (direction + 4) % 8;
            let Some(other) = self.nodes.get_mut(near as usize) else { continue };
            if other.tree == Tree::None {
                other.tree = tree;
                other.parent = Parent::Step(opposite as u8);
                (other.seen, other.depth) = (seen, depth + 1);
                self.wake(near);
            } else if other.tree != tree {
                return Some(if tree == Tree::First { (n, direction) } else { (near, opposite) });
            } else if other.seen <= seen && other.depth > depth + 1 && matches!(other.parent, Parent::Step(_)) {
                // Nearer to the root by way of this pixel.
                other.parent = Parent::Step(opposite as u8);
                (other.seen, other.depth) = (seen, depth + 1);
            }
        }
        None
    }

    fn push_flow(&mut self, first: u32, direction: usize) {
        let Some((second, mut least)) = self.edge(first, direction, true) else { return };
        for (start, outwards) in [(first, false), (second, true)] {
            let mut at = start;
            while let Some(Parent::Step(step)) = self.node(at).map(|node| node.parent) {
                let Some((up, room)) = self.edge(at, usize::from(step), outwards) else { return };
                least = least.min(room);
                at = up;
            }
            least = least.min(self.node(at).map_or(0, |root| root.side.saturating_abs()));
        }
        self.send(first, direction, least);
        for (start, outwards) in [(first, false), (second, true)] {
            let mut at = start;
            while let Some(Parent::Step(step)) = self.node(at).map(|node| node.parent) {
                let step = usize::from(step);
                let Some((up, room)) = self.edge(at, step, outwards) else { return };
                if outwards {
                    self.send(at, step, least);
                } else {
                    self.send(up, (step + 4) % 8, least);
                }
                if room == least {
                    self.orphan(at);
                }
                at = up;
            }
            if let Some(root) = self.nodes.get_mut(at as usize) {
                root.side -= if outwards { -least } else { least };
                if root.side == 0 {
                    self.orphan(at);
                }
            }
        }
    }

    fn send(&mut self, from: u32, direction: usize, flow: i32) {
        let Some((to, _)) = self.edge(from, direction, true) else { return };
        for (n, direction, change) in [(from, direction, -flow), (to, (direction + 4) % 8, flow)] {
            if let Some(room) = self.nodes.get_mut(n as usize).and_then(|node| node.room.get_mut(direction)) {
                *room = room.saturating_add(change);
            }
        }
    }

    fn orphan(&mut self, n: u32) {
        if let Some(node) = self.nodes.get_mut(n as usize) {
            node.parent = Parent::Orphan;
            self.orphans.push_back(n);
        }
    }

    /// How deep a pixel hangs below a root; nothing where it hangs on an orphan. Marks what it passed with this time.
    fn depth(&mut self, n: u32) -> Option<u32> {
        let (mut at, mut steps) = (n, 0);
        let depth = loop {
            let node = self.node(at)?;
            if node.seen == self.time && node.parent != Parent::Orphan && node.parent != Parent::None {
                break steps + node.depth;
            }
            match node.parent {
                Parent::Root => break steps + 1,
                Parent::Step(step) => at = *node.near.get(usize::from(step))?,
                Parent::Orphan | Parent::None => return None,
            }
            steps += 1;
        };
        let (mut at, mut left) = (n, depth);
        while let Some(node) = self.nodes.get_mut(at as usize)
            && node.seen != self.time
        {
            (node.seen, node.depth) = (self.time, left);
            let Parent::Step(step) = node.parent else { break };
            at = node.near.get(usize::from(step)).copied().unwrap_or(NOBODY);
            left = left.saturating_sub(1);
        }
        Some(depth)
    }

    fn adopt(&mut self, n: u32) {
        let Some(tree) = self.node(n).map(|node| node.tree) else { return };
        let mut best: Option<(u32, usize)> = None;
        for direction in 0..8 {
            let Some((near, room)) = self.edge(n, direction, tree == Tree::Second) else { continue };
            if room <= 0 || self.node(near).is_none_or(|other| other.tree != tree) {
                continue;
            }
            if let Some(depth) = self.depth(near)
                && best.is_none_or(|(least, _)| depth < least)
            {
                best = Some((depth, direction));
            }
        }
        let time = self.time;
        if let Some((depth, direction)) = best {
            if let Some(node) = self.nodes.get_mut(n as usize) {
                node.parent = Parent::Step(direction as u8);
                (node.seen, node.depth) = (time, depth + 1);
            }
            return;
        }
        for direction in 0..8 {
            let Some((near, room)) = self.edge(n, direction, tree == Tree::Second) else { continue };
            let Some((other_tree, parent)) = self.node(near).map(|other| (other.tree, other.parent)) else { continue };
            if other_tree != tree {
                continue;
            }
            if room > 0 {
                self.wake(near);
            }
            if parent == Parent::Step(((direction + 4) % 8) as u8) {
                self.orphan(near);
            }
        }
        if let Some(node) = self.nodes.get_mut(n as usize) {
            node.tree = Tree::None;
            node.parent = Parent::None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WIDTH: usize = 4;
    const STEPS: [(isize, isize); 4] = [(1, 0), (1, 1), (0, 1), (-1, 1)];

    fn neighbours(count: usize) -> Vec<(usize, usize, usize)> {
        let mut out = Vec::new();
        for n in 0..count {
            for (direction, (dx, dy)) in STEPS.iter().enumerate() {
                let (x, y) = ((n % WIDTH) as isize + dx, (n / WIDTH) as isize + dy);
                let to = (y * WIDTH as isize + x) as usize;
                if (0..WIDTH as isize).contains(&x) && to < count {
                    out.push((n, direction, to));
                }
            }
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_other_parting_is_cheaper(
            sides in prop::collection::vec(-30..30_i32, 12), costs in prop::collection::vec(0..20_i32, 60),
        ) {
            let edges = neighbours(12);
            let mut net = Net::new(12);
            for (n, side) in sides.iter().enumerate() {
                net.lean(n, *side);
            }
            for ((a, direction, b), cost) in edges.iter().zip(&costs) {
                net.join(*a, *direction, *b, *cost);
            }
            let price = |first: &dyn Fn(usize) -> bool| -> i32 {
                let leaning: i32 = sides.iter().enumerate().map(|(n, side)| if (*side > 0) == first(n) { 0 } else { side.abs() }).sum();
                leaning + edges.iter().zip(&costs).map(|((a, _, b), cost)| if first(*a) == first(*b) { 0 } else { *cost }).sum::<i32>()
            };
            let found = net.cut();
            let least = (0..1_u32 << 12).map(|bits| price(&|n| bits >> n & 1 == 1)).min().unwrap();
            prop_assert_eq!(price(&|n| found[n]), least);
        }
    }
}
