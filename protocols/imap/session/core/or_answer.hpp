#pragma once

#include "protocols/imap/session/core/replies.hpp"

#include <utility>
#include <variant>

namespace hauspost::imap {

/// What a step gives that gives nothing: the command may go on.
struct proceed {};
inline constexpr proceed go_on;

/// What a step of a command gives, or the answer that ends the command in its place. All steps that
/// may refuse speak so: true goes on, and whoever called hands the answer of a false one up.
///
///     const auto target = co_await permit(session, std::move(name), mail::rights::read);
///     if (!target) co_return target.end();
template <class T = proceed>
class [[nodiscard]] or_answer {
public:
    // Implicit, as in every result.
    or_answer(T value) : held_(std::move(value)) {}
    or_answer(answer end) : held_(std::move(end)) {}

    explicit operator bool() const noexcept { return held_.index() == 0; }
    /// Precondition for these: true.
    [[nodiscard]] T& operator*() noexcept { return *std::get_if<0>(&held_); }
    [[nodiscard]] const T& operator*() const noexcept { return *std::get_if<0>(&held_); }
    [[nodiscard]] T* operator->() noexcept { return std::get_if<0>(&held_); }
    [[nodiscard]] const T* operator->() const noexcept { return std::get_if<0>(&held_); }
    /// Precondition: false.
    [[nodiscard]] const answer& end() const noexcept { return *std::get_if<1>(&held_); }

private:
    std::variant<T, answer> held_;
};

}  // namespace hauspost::imap
