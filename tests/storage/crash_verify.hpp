#pragma once

#include "tests/support/open_store.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::test {

/// What must be in a store after a crash, followed from the notes of crash_workload: for each of
/// its tasks all that was acknowledged, and at most one operation that was on its way and may have
/// been done or not, as a whole.
class crash_expectation {
public:
    /// Takes the next note.
    void take(std::string_view note);

    /// Opens the store of an image and tells all that is wrong with it; empty: nothing.
    [[nodiscard]] std::vector<std::string> verify(const std::filesystem::path& data_dir) const;

private:
    struct message {
        std::uint64_t token = 0;
        std::uint64_t octets = 0;
        std::uint32_t flags = 0;
        friend auto operator<=>(const message&, const message&) = default;
    };
    struct mailbox {
        std::map<std::uint32_t, message> messages;  // by UID
        std::uint32_t uid_next = 1;
        friend bool operator==(const mailbox&, const mailbox&) = default;
        void add(const message& one) { messages[uid_next++] = one; }
    };
    struct own_boxes {
        mailbox box, done;
        std::string box_name;
        std::optional<mailbox> spare;
        std::uint64_t note = 0;  // token of the annotation; 0: none
        std::uint32_t rights = 0;
        std::uint64_t told = 0;  // token of the last entry of the audit log that is complete
        std::uint64_t seat = 0;  // token of its session before the owner's page
        friend bool operator==(const own_boxes&, const own_boxes&) = default;
    };
    struct delivery {
        std::uint64_t token = 0;
        std::uint64_t octets = 0;
        unsigned mask = 0;
        bool has_queue = false;
    };
    struct task {
        unsigned number = 0;
        account_id account;
        mailbox_id box, done;
        own_boxes before, after;  // after: with the operation on its way
        std::optional<delivery> on_its_way;
    };
    struct reader;

    static void begin(task& one, std::string_view operation);
    void acknowledge(task& one);
    void verify_task(reader& from, const task& one) const;
    void verify_deliveries(reader& from) const;

    std::map<unsigned, task> tasks_;
    std::vector<delivery> delivered_;
};

}  // namespace hauspost::storage::test
