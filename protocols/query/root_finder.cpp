#include "protocols/query/root_finder.hpp"

namespace hauspost::query {
namespace {

constexpr int max_steps = 64;

}  // namespace

std::uint32_t root_finder::add() {
    parent_.push_back(none);
    if (!splay_.empty()) splay_.emplace_back();
    return static_cast<std::uint32_t>(parent_.size() - 1);
}

std::uint32_t root_finder::root_of(std::uint32_t node) {
    if (splay_.empty()) {
        auto at = node;
        for (int steps = 0; steps < max_steps; ++steps) {
            if (parent_[at] == none) return at;
            at = parent_[at];
        }
        // Each node alone on its path: a link-cut tree as good as any.
        splay_.resize(parent_.size());
        for (std::size_t n = 0; n < parent_.size(); ++n)
            splay_[n].up = parent_[n];
    }
    access(node);
    auto at = node;
    while (splay_[at].child[0] != none)
        at = splay_[at].child[0];
    splay(at);  // pays for the way down
    return at;
}

void root_finder::link(std::uint32_t child, std::uint32_t parent) {
    parent_[child] = parent;
    if (splay_.empty()) return;
    access(child);
    splay_[child].up = parent;
}

void root_finder::cut(std::uint32_t child) {
    if (parent_[child] == none) return;
    parent_[child] = none;
    if (splay_.empty()) return;
    access(child);
    const auto above = splay_[child].child[0];
    splay_[child].child[0] = none;
    if (above != none) splay_[above].up = none;
}

bool root_finder::is_top(std::uint32_t node) const noexcept {
    const auto up = splay_[node].up;
    return up == none || (splay_[up].child[0] != node && splay_[up].child[1] != node);
}

void root_finder::rotate(std::uint32_t node) noexcept {
    const auto up = splay_[node].up;
    const auto above = splay_[up].up;
    const int side = splay_[up].child[1] == node ? 1 : 0;
    if (!is_top(up)) splay_[above].child[splay_[above].child[1] == up ? 1 : 0] = node;
    const auto moved = splay_[node].child[1 - side];
    splay_[up].child[side] = moved;
    if (moved != none) splay_[moved].up = up;
    splay_[node].child[1 - side] = up;
    splay_[up].up = node;
    splay_[node].up = above;
}

void root_finder::splay(std::uint32_t node) noexcept {
    while (!is_top(node)) {
        const auto up = splay_[node].up;
        if (!is_top(up)) {
            const auto above = splay_[up].up;
            const bool is_straight =
                (splay_[up].child[0] == node) == (splay_[above].child[0] == up);
            rotate(is_straight ? up : node);
        }
        rotate(node);
    }
}

/// Makes the way from the root to the node one path, with the node on top of its splay tree.
void root_finder::access(std::uint32_t node) noexcept {
    auto below = none;
    for (auto at = node; at != none; at = splay_[at].up) {
        splay(at);
        splay_[at].child[1] = below;
        below = at;
    }
    splay(node);
}

}  // namespace hauspost::query
