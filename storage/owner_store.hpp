#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/owner.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage {

/// The port to the owner: his password and second factor, the link by which he begins, and who sits
/// before his page. Nobody else has such a row, and no call makes a second one.
///
/// Codes, links and ids of sessions stand there as digests alone. What is good once is spent in the
/// commit that lets somebody in, so of two who come with it at the same time one gets in, also when
/// the server is killed between.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk; beside what is said at a call each may be refused as busy, and may end unsure. They
///         go on where the disk is low: they are what an administrator does
class owner_store {
public:
    static constexpr std::size_t max_sessions = 50;

    virtual ~owner_store() = default;

    // Small reads on the calling thread.

    virtual awaitable<owner> find_owner() = 0;
    /// nullopt: none was made, or it was used.
    virtual awaitable<std::optional<setup_link>> find_setup_link() = 0;
    /// nullopt: it was ended, or never made. Those that are over are given, too.
    virtual awaitable<std::optional<web_session>> find_session(sha256_digest key) = 0;
    /// Newest first.
    virtual awaitable<std::vector<web_session>> list_sessions() = 0;

    /// Replaces the owner's row. Another password ends all sessions and spends the link, by the
    /// same commit.
    /// wanted   version: of the row that it was decided on; the store gives the new one
    /// opened   a session that begins with it; none: nullopt
    /// Refuses  changed_meanwhile; invalid_name: a field is longer than it may be
    virtual awaitable<error_code> change_owner(owner wanted, std::optional<web_session> opened) = 0;
    /// As if there never was an owner, but for this link: password, second factor, and all sessions go.
    virtual awaitable<error_code> reset_owner(setup_link fresh) = 0;

    /// Replaces the one before.
    /// Refuses  not_allowed: the owner has a password
    virtual awaitable<error_code> put_setup_link(setup_link fresh) = 0;
    /// Spends the link and opens a session.
    /// digest   of the secret that somebody has come with
    /// limits   sessions that are over go, here and at sign_in
    /// Refuses  not_allowed: there is no such link, it has expired, or the owner has a password
    virtual awaitable<error_code> open_setup(sha256_digest digest,
                                             web_session opened,
                                             session_limits limits) = 0;

    /// Opens a session, and spends the code by the same commit. Where there are max_sessions already
    /// the one goes that was seen longest ago.
    virtual awaitable<result<sign_in_end>> sign_in(owner_proof proof,
                                                   web_session opened,
                                                   session_limits limits) = 0;
    /// The same password hashed anew, at another cost: sessions and the link stay.
    /// Returns  false: another password was set meanwhile
    /// Refuses  invalid_name: the hash is longer than it may be
    virtual awaitable<result<bool>> renew_password_hash(std::string old_hash,
                                                        std::string new_hash) = 0;
    /// It is used. Nothing happens when it was ended.
    virtual awaitable<error_code> note_seen(sha256_digest key, std::int64_t now) = 0;
    /// Returns  whether it was there
    virtual awaitable<result<bool>> end_session(sha256_digest key) = 0;
};

}  // namespace hauspost::storage
