#pragma once

#include "protocols/message/address.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::outbound {

/// The header of a message that is being submitted: gathered until it is whole, looked at, and given
/// on with what it lacks and without what nobody else is to see (RFC 6409 8). The body never comes
/// here.
///
/// A line that is no field ends the header, as an empty line does: other readers disagree about
/// what follows such a line, so it becomes body for all of them.
///
/// Calling sequence: take() until is_complete(), or finish() when the message ends before; then the
/// rest. Pure.
class submitted_header {
public:
    /// Larger ones than any that people's programs write: a list of 5,000 recipients.
    static constexpr std::size_t max_octets = 256 * 1024;

    /// Takes what belongs to the header off the front of `octets`, which may be cut anywhere.
    void take(std::string_view& octets);
    /// No more octets come.
    void finish();
    /// It is known where it ends.
    [[nodiscard]] bool is_complete() const noexcept { return is_complete_; }
    /// It is longer than max_octets, or has more fields than anybody reads.
    [[nodiscard]] bool is_too_long() const noexcept { return is_too_long_; }

    /// The addresses of all From and Sender fields, those with "Resent-" in front too. What cannot
    /// be read has an empty domain.
    [[nodiscard]] const std::vector<message::address>& authors() const noexcept { return authors_; }
    [[nodiscard]] bool has_from() const noexcept { return has_from_; }
    [[nodiscard]] bool has_date() const noexcept { return has_date_; }
    [[nodiscard]] bool has_message_id() const noexcept { return has_message_id_; }

    /// A field that it lacks, without its line end.
    void add(std::string_view name, std::string_view value);

    /// What is to be stored, in order: the fields but Bcc and Resent-Bcc, those that were added, the
    /// empty line, and what was taken too much. Valid as long as this object is not changed.
    [[nodiscard]] std::vector<std::string_view> pieces() const;

    /// Gives the memory back once the pieces have been given on. It stays complete.
    void release();

private:
    void look_at_fields(std::size_t end);
    void note_authors(std::string_view value);

    std::string octets_;    // as they came
    std::string added_;     // fields, each with its line end
    std::size_t seen_ = 0;  // octets_ up to here hold no end of the header
    std::size_t fields_end_ = 0;
    std::size_t body_ = 0;                // in octets_: behind the empty line
    std::vector<std::string_view> kept_;  // runs of octets_
    std::vector<message::address> authors_;
    bool is_complete_ = false;
    bool is_too_long_ = false;
    bool has_from_ = false;
    bool has_date_ = false;
    bool has_message_id_ = false;
};

}  // namespace hauspost::outbound
