#pragma once

#include "storage/ban.hpp"
#include "storage/forward_store.hpp"
#include "storage/sending.hpp"
#include "storage/tls_result.hpp"
#include "tests/storage/store_fixture.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage::test {

/// What an operation said. `unclear`: it ended unsure, or works in the background's way, and may
/// have done all of it or nothing.
enum class answer : std::uint8_t { done, refused, unclear };

/// A store with some of everything, copied from one that is made once. Mail of Ann (account 1),
/// Bob (2) and Carl (3), an alias, a queue item, a segment that is sparse once what was expunged is
/// purged. Its folder's files can be copied while nothing is under way.
class sweep_fixture {
public:
    sweep_fixture();
    /// A copy of another one, as after a power cut at this moment.
    explicit sweep_fixture(const sweep_fixture& other);
    /// Empty, or a copy of a folder.
    explicit sweep_fixture(const std::filesystem::path& data);
    sweep_fixture& operator=(const sweep_fixture&) = delete;

    void open();
    void close() { store.reset(); }

    template <class T>
    T get(awaitable<T> task) {
        return await(io, std::move(task));
    }

    /// nullptr: refused.
    std::shared_ptr<staged_blob> staged(const std::string& body);
    [[nodiscard]] append_request request(mailbox_key box, const std::string& body);

    tmp_dir dir;
    fake_clock time;
    lmdb::store_options options;
    asio::io_context io{1};
    std::shared_ptr<const ports> store;
};

inline constexpr account_id ann{1}, bob{2}, carl{3};
inline constexpr mailbox_key ann_inbox{ann, mailbox_id(1)}, bob_inbox{bob, mailbox_id(1)};

/// Of day 7.
inline tls_result sessions_of(const std::string& domain) {
    tls_result made;
    made.day = 7;
    made.domain = domain;
    return made;
}

/// An alias, and who is refused behind it.
inline const forward_way out_way{"out@example.test", "gone@else.test"};

inline const ban_name old_ban{ban_kind::network, "192.0.2.1", ""};

/// A message to one recipient elsewhere.
inline submission sent_by(account_id account, const std::string& to) {
    submission made;
    made.account = account;
    made.recipients = 1;
    made.outside = {to};
    made.limits.messages_per_day = 100;
    return made;
}

/// One operation of the store's ports.
struct operation {
    const char* name;
    std::function<answer(sweep_fixture&)> run;
    /// Goes on in the background after its answer; what was answered is true at once all the same.
    bool goes_on = false;
    bool is_unclear = false;  // what it says in the end is not that nothing was done
    /// Where it may stop between two of its steps when it is refused.
    std::function<void(sweep_fixture&)> halfway = nullptr;
};

/// All there are, by what they change: each of these is a test, so that they run beside one another.
[[nodiscard]] const std::vector<operation>& mail_operations();
[[nodiscard]] const std::vector<operation>& mailbox_operations();
[[nodiscard]] const std::vector<operation>& directory_operations();
[[nodiscard]] const std::vector<operation>& queue_operations();
/// Senders, forwards, secrets and TLS.
[[nodiscard]] const std::vector<operation>& sending_operations();
[[nodiscard]] const std::vector<operation>& owner_operations();
[[nodiscard]] const std::vector<operation>& upkeep_operations();

}  // namespace hauspost::storage::test
