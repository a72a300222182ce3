#pragma once

#include "protocols/access/login_policy.hpp"
#include "protocols/imap/grammar/assembler.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/response/capability.hpp"
#include "protocols/imap/response/response_writer.hpp"
#include "protocols/imap/session/core/enabled.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/core/replies.hpp"
#include "protocols/imap/session/core/rules.hpp"
#include "protocols/imap/session/core/selected.hpp"
#include "protocols/imap/session/core/session.hpp"
#include "protocols/imap/session/core/visible.hpp"
#include "protocols/imap/session/fetch/fetch_writer.hpp"
#include "protocols/imap/session/news/notify_pictures.hpp"
#include "protocols/imap/view/notify.hpp"
#include "protocols/net/deflate_stream.hpp"
#include "protocols/net/turn.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

struct search_reply;
struct search_scope;
struct found_ranges;
struct search_scores;

/// A mailbox with which the user may do what he wants, or what to answer instead.
struct permitted {
    std::optional<visible_mailbox> mailbox;
    answer refused;
};

/// The inside of a session: state, input and output of one connection, and one handler for each
/// command. The handlers stand in cmd_*.cpp, the loop in connection.cpp, reading and writing in
/// connection_io.cpp, telling what others changed in sync.cpp.
///
/// A handler appends its untagged lines to out_ and returns the tagged end. Where much may come it
/// calls make_room() in between and stops when that says false.
class connection final : public storage::account_listener {
public:
    connection(net::stream& peer,
               const session_ports& ports,
               std::shared_ptr<const session_config> config);

    awaitable<void> run();
    void request_stop() noexcept;

    void on_mail_changed(modseq highest) noexcept override;
    void on_credentials_changed() noexcept override;

private:
    /// News of another account, for as long as it is kept.
    class owner_listener;
    struct owner_listener_deleter {
        void operator()(owner_listener* listener) const noexcept;
    };
    using owner_news = std::unique_ptr<owner_listener, owner_listener_deleter>;

    enum class input : std::uint8_t { octets, woken, gone };
    enum class ending : std::uint8_t { none, stop, credentials_changed };

    // --- connection.cpp: the loop ---
    void greet();
    awaitable<void> serve();
    awaitable<void> execute(std::string_view text);
    awaitable<answer> answer_to(const command& wanted);
    awaitable<answer> dispatch(const command& wanted);
    /// Turns a fault of ours into NO [SERVERBUG] and a line in the log.
    awaitable<answer> guarded(awaitable<answer> work);
    awaitable<void> finish_command(std::string_view tag, std::string_view name, const answer& end);
    void forget_saved() noexcept;
    void refuse(const refusal& why);
    void count_bad_command();
    void say_bye(std::string_view response_code, std::string_view text);
    void end_if_asked();
    void log_end(std::chrono::steady_clock::time_point began) const;

    // --- connection_io.cpp ---
    response_writer writer() { return response_writer(out_, enabled_.speaks_utf8()); }
    [[nodiscard]] capability_state capability_now() const noexcept;
    /// Writes all output. False: the connection is lost.
    awaitable<bool> flush();
    /// Writes when there is much, so that the output stays bounded; where much is written others
    /// get their turn. False: the connection is lost.
    awaitable<bool> make_room();
    /// Waits for octets and feeds the assembler; all output is written before. While it waits no
    /// buffer is held, and request_stop() ends it.
    awaitable<input> wait_for_octets(std::size_t at_most = 16 * 1024);
    awaitable<bool> read_octets(std::size_t at_most);
    /// One line in the middle of a command. nullopt: broken_line() is what to answer.
    awaitable<std::optional<std::string>> read_line();
    answer broken_line();
    /// Lets the other sessions of this thread run. Due when is_turn_over().
    awaitable<void> yield() { return turn_.yield(); }
    [[nodiscard]] bool is_turn_over() const noexcept { return turn_.is_over(); }
    void lose(error_code why);
    [[nodiscard]] net::stream::duration time_left() const noexcept;
    [[nodiscard]] std::optional<net::stream::duration> time_to_news() const noexcept;

    // --- sync.cpp ---
    /// Tells what changed in the selected mailbox since the last time.
    awaitable<void> sync(bool may_expunge);
    /// The same after a command: a fault in it does not undo what the command has done, so its
    /// answer stays (else the client would do it twice).
    awaitable<void> sync_after(bool may_expunge);
    awaitable<void> tell(storage::mailbox_changes changes, bool may_expunge);
    /// Flags that others changed. False: the connection is lost.
    /// but      new messages, of which the client asks itself
    /// changed  gets all that changed, for searches that are kept up to date
    awaitable<bool> tell_flags(std::optional<mail::uid_range> but,
                               std::vector<uid>& changed,
                               bool tells);
    /// EXPUNGE lines, or VANISHED ones. False: the connection is lost.
    awaitable<bool> tell_expunged(const view_change& news);
    /// "* VANISHED [(EARLIER)] ...", in lines that any client can take. False: connection lost.
    awaitable<bool> tell_vanished(const mail::uid_ranges& uids, bool earlier);
    /// EXISTS, and RECENT for those who expect it. False: the connection is lost.
    awaitable<bool> tell_size(std::uint32_t messages, const storage::mailbox_counters& now);
    void tell_recent();
    [[nodiscard]] bool may_be_recent(const storage::mailbox_counters& now) const noexcept;
    /// What no session has seen yet is \Recent in this one, and unless it only EXAMINEs in no
    /// other one from now on. RFC 3501 2.3.2
    awaitable<void> note_recent(selected_mailbox& box, const storage::mailbox_counters& now);
    void tell_highest_modseq(modseq value);
    /// False: the mailbox is not there any more, or not for this user; or the session ends.
    awaitable<bool> find_new_name();
    void note_rights(std::uint32_t rights);
    /// Hears of changes in another account, too, until deselect().
    awaitable<owner_news> listen_to(account_id owner);
    void tell_keywords(std::vector<std::string> now);
    awaitable<void> learn_keywords();
    void deselect() noexcept;

    // --- append_run.cpp: APPEND and REPLACE come apart from the others, because of their octets
    // ---
    awaitable<void> run_append();

    // --- cmd_notify.cpp ---
    awaitable<void> push_news();
    awaitable<void> push_if_due();
    awaitable<void> tell_new_messages(mail::uid_range added);
    awaitable<void> tell_news(const std::vector<notify_line>& lines);
    struct notify_watch;
    /// nullptr: not now.
    awaitable<std::shared_ptr<const notify_picture>> next_picture();
    awaitable<std::optional<answer>> take_picture(const std::vector<notify_group>& groups,
                                                  notify_picture& picture);
    awaitable<std::optional<answer>> add_entries(pace& walk, notify_picture& picture);
    awaitable<void> tell_changes(std::shared_ptr<const notify_picture> now);
    awaitable<void> listen_to_owners(notify_watch& watch);
    [[nodiscard]] std::uint64_t selected_id() const noexcept;  // 0: none
    void note_own_entries(storage::mailbox_key key,
                          const std::vector<storage::annotation_change>& changes);
    [[nodiscard]] bool wants_flag_news() const noexcept;
    [[nodiscard]] bool tells_selected() const noexcept;
    [[nodiscard]] bool may_sync_after(const command& wanted) const noexcept;

    // --- resolve.cpp: names to mailboxes, own and of others ---
    awaitable<result<visible_mailbox>> resolve(std::string name);
    /// rights  all that are needed, of right_bits
    awaitable<permitted> permit(std::string name, std::uint32_t rights);
    /// For APPEND, COPY and MOVE: one that is not there is TRYCREATE (RFC 9051 6.3.12).
    awaitable<permitted> permit_insert(std::string name);
    /// The mailbox above a name in "Shared/", below which one may be made.
    awaitable<permitted> permit_below(std::string name);
    /// The user's own mailboxes, those of others, and all that LIST may speak of, parents in
    /// "Shared/" included. In slices; all names are as they were at one moment.
    awaitable<std::optional<answer>> list_own(pace& walk, std::vector<storage::mailbox_info>& all);
    awaitable<std::optional<answer>> list_shared(pace& walk,
                                                 std::vector<storage::shared_mailbox>& all);
    awaitable<std::optional<answer>> list_visible(pace& walk, std::vector<visible_mailbox>& all);

    // --- shared by commands ---
    [[nodiscard]] fetch_style style() const noexcept {
        return {enabled_.condstore, enabled_.qresync && !enabled_.uid_only, enabled_.uid_only,
                enabled_.utf8};
    }
    void enable_condstore(bool is_in_mailbox);
    /// What went after `since`, of `asked`, in VANISHED (EARLIER) lines. RFC 7162 3.2.5, 3.2.6
    /// matched  up to here nothing went that the client does not know of; 0: not known
    awaitable<error_code> tell_earlier(modseq since, number_ranges asked, uid matched);
    awaitable<std::optional<answer>> resync(const cmd::select& wanted);
    void tell_selected(const storage::mailbox_snapshot& opened);
    awaitable<answer> log_in(std::string user, secret password);
    awaitable<void> upgrade();
    awaitable<void> start_compression();
    /// UNAUTHENTICATE: what a user was to this session goes (B09). Whoever adds state that belongs
    /// to a user or to a selected mailbox empties it here.
    void forget_user() noexcept;
    [[nodiscard]] std::optional<answer> refuse_login() const;
    [[nodiscard]] std::optional<mail::uid_ranges> resolve(const sequence_set& set,
                                                          bool by_uid) const;
    awaitable<answer> expunge(mail::uid_ranges uids);
    awaitable<answer> transfer(const sequence_set& set, bool by_uid, std::string to, bool move);

    awaitable<std::optional<answer>> tell_more(const cmd::list& wanted,
                                               const visible_mailbox& mailbox,
                                               pace& walk);
    /// "* STATUS ..." with all that was asked for. A refusal when it cannot be told.
    awaitable<std::optional<answer>> tell_status(visible_mailbox mailbox,
                                                 status_items items,
                                                 pace& walk);
    /// Octets of the messages with \Deleted, counted in slices.
    awaitable<std::optional<answer>> deleted_octets(storage::mailbox_key mailbox,
                                                    pace& walk,
                                                    std::uint64_t& octets);
    void tell_quota(std::string_view root, const storage::quota_state& quota);
    /// "* METADATA ..." with these entries of a mailbox, NIL for those that are not there.
    awaitable<error_code> tell_metadata(visible_mailbox mailbox, std::vector<std::string> entries);
    awaitable<permitted> metadata_target(std::string name);
    awaitable<result<std::vector<storage::annotation>>> read_metadata(
        visible_mailbox mailbox, std::vector<std::string> entries, mail::metadata_depth how_far);
    /// False: there was nothing to tell and nothing was written.
    bool write_metadata(std::string_view mailbox,
                        const std::vector<storage::annotation>& found,
                        const std::vector<std::string>& asked,
                        bool tell_missing);
    awaitable<answer> rename_shared(std::string from, std::string to);
    awaitable<answer> create_shared(std::string name);
    // --- search_reply.cpp, cmd_search.cpp: what SEARCH, SORT and ESEARCH found ---
    awaitable<bool> tell_found(const search_options& options, const search_reply& reply);
    awaitable<bool> tell_plain(const search_reply& reply);
    awaitable<std::optional<answer>> find_ranges(query::search_program program,
                                                 bool save,
                                                 found_ranges& found);
    [[nodiscard]] search_scope scope_of_selected() const noexcept;
    awaitable<std::optional<answer>> search_in(const cmd::esearch& wanted,
                                               const search_scope& where,
                                               storage::mailbox_info box,
                                               std::chrono::steady_clock::time_point began,
                                               bool& is_short);
    awaitable<std::optional<answer>> search_elsewhere(const cmd::esearch& wanted,
                                                      visible_mailbox box,
                                                      std::chrono::steady_clock::time_point began);
    /// RFC 9585: says from time to time how far a long command is. False: nobody waits for its
    /// answer, as the client is gone or the session is to end (B06).
    awaitable<bool> tell_progress(std::uint64_t done, std::uint64_t goal);

    // --- message_limit.cpp: RFC 9738 ---
    [[nodiscard]] std::optional<uid> keep_to_limit(mail::uid_ranges& messages) const;
    [[nodiscard]] std::string limit_code(std::optional<uid> lowest) const;
    [[nodiscard]] answer tell_limit(answer end, std::optional<uid> lowest);
    [[nodiscard]] answer over_limit(std::optional<uid> lowest) const;
    /// An OK that left out messages which another session has expunged says so; of the codes that
    /// it may have besides, one finds room in it (RFC 5530 3).
    [[nodiscard]] answer tell_left_out(answer end, bool is_short);

    // --- live_search.cpp: RETURN (UPDATE) ---
    [[nodiscard]] bool is_updated(std::string_view tag) const noexcept;
    void refuse_updates(std::string_view tag, std::string_view why);
    void keep_updated(const query::search_program& program,
                      bool by_uid,
                      std::span<const uid> found,
                      const std::vector<query::sort_criterion>& criteria);
    void tell_gone(const view_change& news);
    awaitable<void> update_searches(std::vector<uid> changed);
    awaitable<std::optional<answer>> update_search(live_search& search,
                                                   const std::vector<uid>& changed,
                                                   const mail::uid_ranges& ranges);

    /// A tagged line, or an untagged one when the tag is "*". False: the connection is lost.
    awaitable<bool> tell_answer(std::string_view tag, const answer& end);
    awaitable<bool> tell_ranges(std::span<const number_range> ranges);
    awaitable<bool> tell_set(std::span<const std::uint32_t> numbers);
    awaitable<bool> tell_scores(std::span<const std::uint8_t> scores);
    void save_found(const search_options& options, std::span<const uid> order);

    // --- cmd_*.cpp: one for each command ---
    awaitable<answer> on(const cmd::capability& wanted);
    awaitable<answer> on(const cmd::noop& wanted);
    awaitable<answer> on(const cmd::logout& wanted);
    awaitable<answer> on(const cmd::starttls& wanted);
    awaitable<answer> on(const cmd::authenticate& wanted);
    awaitable<answer> on(const cmd::login& wanted);
    awaitable<answer> on(const cmd::enable& wanted);
    awaitable<answer> on(const cmd::select& wanted);
    awaitable<answer> on(const cmd::create& wanted);
    awaitable<answer> on(const cmd::remove& wanted);
    awaitable<answer> on(const cmd::rename& wanted);
    awaitable<answer> on(const cmd::subscribe& wanted);
    awaitable<answer> on(const cmd::unsubscribe& wanted);
    awaitable<answer> on(const cmd::list& wanted);
    awaitable<answer> on(const cmd::lsub& wanted);
    awaitable<answer> on(const cmd::xlist& wanted);
    awaitable<answer> on(const cmd::status& wanted);
    awaitable<answer> on(const cmd::get_quota& wanted);
    awaitable<answer> on(const cmd::get_quota_root& wanted);
    awaitable<answer> on(const cmd::set_quota& wanted);
    awaitable<answer> on(const cmd::get_metadata& wanted);
    awaitable<answer> on(const cmd::set_metadata& wanted);
    awaitable<answer> on(const cmd::set_acl& wanted);
    awaitable<answer> on(const cmd::delete_acl& wanted);
    awaitable<answer> on(const cmd::get_acl& wanted);
    awaitable<answer> on(const cmd::list_rights& wanted);
    awaitable<answer> on(const cmd::my_rights& wanted);
    awaitable<answer> on(const cmd::namespaces& wanted);
    awaitable<answer> on(const cmd::id& wanted);
    awaitable<answer> on(const cmd::idle& wanted);
    awaitable<answer> on(const cmd::check& wanted);
    awaitable<answer> on(const cmd::close& wanted);
    awaitable<answer> on(const cmd::unselect& wanted);
    awaitable<answer> on(const cmd::expunge& wanted);
    awaitable<answer> on(const cmd::uid_expunge& wanted);
    awaitable<answer> on(const cmd::search& wanted);
    awaitable<answer> on(const cmd::sort& wanted);
    awaitable<answer> on(const cmd::thread& wanted);
    awaitable<answer> on(const cmd::esearch& wanted);
    awaitable<answer> on(const cmd::cancel_update& wanted);
    awaitable<answer> on(const cmd::fetch& wanted);
    awaitable<answer> on(const cmd::store& wanted);
    awaitable<answer> on(const cmd::copy& wanted);
    awaitable<answer> on(const cmd::move& wanted);
    awaitable<answer> on(const cmd::uid_batches& wanted);
    awaitable<answer> on(const cmd::compress& wanted);
    awaitable<answer> on(const cmd::unauthenticate& wanted);
    awaitable<answer> on(const cmd::notify& wanted);

    friend class append_run;
    friend class fetch_run;
    friend class pace;
    friend class row_walk;
    friend class search_run;

    net::deflate_stream peer_;
    session_ports ports_;
    std::shared_ptr<const session_config> config_;
    assembler assembler_;
    std::string out_;
    std::string tag_;                                    // of the command that is run, or ""
    std::chrono::steady_clock::time_point progress_at_;  // last told, or the command's begin
    std::chrono::steady_clock::time_point looked_at_;    // for the client, or the command's begin
    bool is_half_closed_ = false;                        // and was asked whether it still reads
    phase phase_ = phase::not_authenticated;
    ending ending_ = ending::none;
    bool is_open_ = true;
    /// While IDLE runs: changes wake the session, and the autologout counts from its begin.
    class idle_mark {
    public:
        explicit idle_mark(connection& session) : session_(session) {
            session.idle_until_ = std::chrono::steady_clock::now() + session.config_->autologout;
        }
        ~idle_mark() { session_.idle_until_.reset(); }
        idle_mark(const idle_mark&) = delete;
        idle_mark& operator=(const idle_mark&) = delete;

    private:
        connection& session_;
    };

    std::optional<std::chrono::steady_clock::time_point> idle_until_;
    enabled_set enabled_;
    /// What NOTIFY asked for (RFC 5465); null before the first one: as IDLE and NOOP tell it.
    struct notify_watch {
        std::vector<notify_group> groups;
        /// As the client was told.
        std::shared_ptr<const notify_picture> shown = std::make_shared<notify_picture>();
        bool is_due = false;  // something was committed since
        /// The first and the last change that `shown` may lack.
        std::optional<steady_time> changed_at;
        steady_time last_changed_at{};
        steady_time again_at{};  // no picture before
        std::map<std::uint32_t, owner_news> owners;
    };
    void note_change(notify_watch& watch) const;
    std::unique_ptr<notify_watch> notify_;
    bool wants_tls_ = false;          // STARTTLS was answered OK: handshake next
    bool wants_compression_ = false;  // COMPRESS was answered OK
    unsigned bad_commands_ = 0;
    std::uint64_t octets_in_ = 0, octets_out_ = 0;
    error_code lost_;
    std::chrono::steady_clock::time_point login_until_;
    net::turn turn_;
    access::login_policy logins_;
    sasl::identity user_;
    std::unique_ptr<storage::change_feed::subscription> subscription_;
    std::unique_ptr<selected_mailbox> selected_;
    owner_news owner_news_;
};

}  // namespace hauspost::imap
