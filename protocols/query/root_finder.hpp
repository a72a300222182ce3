#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hauspost::query {

/// A forest whose links come and go, asked for the root of a node. Ordinary mail makes shallow
/// trees, where going up is all there is to do; hostile References make them as deep as the mailbox
/// is large, and then each step is O(log n) amortised: a link-cut tree of Sleator and Tarjan
/// (1983), made when the first long way is met.
class root_finder {
public:
    static constexpr std::uint32_t none = UINT32_MAX;

    /// A new node without a parent; the numbers count from 0.
    std::uint32_t add();
    [[nodiscard]] std::size_t size() const noexcept { return parent_.size(); }
    /// none: it is a root.
    [[nodiscard]] std::uint32_t parent(std::uint32_t node) const noexcept { return parent_[node]; }
    [[nodiscard]] std::uint32_t root_of(std::uint32_t node);
    /// Precondition: child is a root, and not that of parent.
    void link(std::uint32_t child, std::uint32_t parent);
    /// Makes a node a root.
    void cut(std::uint32_t child);

private:
    // Splay nodes; `up` of the topmost one of a path leads to the path above.
    struct splay_node {
        std::uint32_t up = none;
        std::uint32_t child[2] = {none, none};  // nearer to the root, further from it
    };
    [[nodiscard]] bool is_top(std::uint32_t node) const noexcept;
    void rotate(std::uint32_t node) noexcept;
    void splay(std::uint32_t node) noexcept;
    void access(std::uint32_t node) noexcept;

    std::vector<std::uint32_t> parent_;
    std::vector<splay_node> splay_;  // empty as long as all ways are short
};

}  // namespace hauspost::query
