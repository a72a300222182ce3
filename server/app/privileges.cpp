#include "server/app/privileges.hpp"

#include "server/config/config_checks.hpp"

#include <boost/asio/ip/address.hpp>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace hauspost::server {
namespace {

[[noreturn]] void refuse(const std::string& what, int reason) {
    throw std::runtime_error(what + ": " + std::strerror(reason));
}

using capability_sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

/// capget(2), capset(2): two numbers of a capability set for each of three kinds.
long capability_call(long number, capability_sets& sets) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    return ::syscall(number, &header, sets.data());
}

bool has_capabilities() {
    capability_sets sets{};
    if (capability_call(SYS_capget, sets) != 0) refuse("cannot read capabilities", errno);
    for (const auto& set : sets)
        if (set.effective != 0 || set.permitted != 0 || set.inheritable != 0) return true;
    return false;
}

std::string name_of(uid_t uid) {
    const auto* entry = ::getpwuid(uid);
    return entry != nullptr ? entry->pw_name : "user number " + std::to_string(uid);
}

/// The folders above may be looked through by everybody, as others are.
void make_parents(const std::filesystem::path& folder) {
    if (folder.empty()) return;
    const auto before = ::umask(0022);
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    ::umask(before);
    if (failed) throw std::runtime_error(folder.string() + " cannot be made: " + failed.message());
}

}  // namespace

std::optional<system_user> find_user(const std::string& name) {
    std::vector<char> room(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    const int failed = ::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
    if (found == nullptr) {
        if (failed != 0) refuse("cannot look up the user " + name, failed);
        return std::nullopt;
    }
    return system_user{name, entry.pw_uid, entry.pw_gid};
}

std::optional<system_user> user_to_become(const config& c) {
    if (c.user.empty()) return std::nullopt;
    auto user = find_user(c.user);
    if (!user)
        throw std::runtime_error("server.user \"" + c.user +
                                 "\" does not exist on this machine; make it: adduser --system "
                                 "--group " +
                                 c.user);
    if (user->uid == 0)
        throw std::runtime_error("server.user must not be root; name an ordinary user");
    if (::geteuid() == user->uid) return std::nullopt;
    if (::geteuid() != 0)
        throw std::runtime_error("the configuration says server.user \"" + c.user +
                                 "\", and this was started by " + name_of(::geteuid()) +
                                 "; start it as that user, or as root");
    return user;
}

bool listens_beyond_loopback(const listen_config& listen) {
    for (const auto& [role, list] : listen.all)
        for (const auto& where : list)
            if (where.address.empty() ||
                !boost::asio::ip::make_address(where.address).is_loopback())
                return true;
    return false;
}

void check_user(loaded_config& loaded) {
    const auto& user = loaded.values.user;
    if (!user.empty()) {
        const auto found = find_user(user);
        if (!found)
            add_fault(loaded, "server.user",
                      "server.user \"" + user + "\" does not exist on this machine",
                      "make it: adduser --system --group " + user);
        else if (found->uid == 0)
            add_fault(loaded, "server.user", "server.user is root", "name an ordinary user");
        else if (::geteuid() != 0 && ::geteuid() != found->uid)
            add_note(loaded, "server.user",
                     "whether " + user + " can read the files was not looked at",
                     "check as that user, or as root");
    } else if (::geteuid() == 0 && listens_beyond_loopback(loaded.values.listen)) {
        add_note(loaded, "server.user", "server.user is empty, and a start as root is refused",
                 "name a user, or start the server as one");
    }
}

void make_data_dir(const std::filesystem::path& data_dir, const system_user& user) {
    struct stat about {};
    if (::stat(data_dir.c_str(), &about) == 0) {
        if (about.st_uid == user.uid) return;
        throw std::runtime_error(data_dir.string() + " belongs to " + name_of(about.st_uid) +
                                 ", not to server.user: chown -R " + user.name + ": " +
                                 data_dir.string());
    }
    make_parents(data_dir.parent_path());
    if (::mkdir(data_dir.c_str(), 0700) != 0) refuse(data_dir.string() + " cannot be made", errno);
    if (::lchown(data_dir.c_str(), user.uid, user.gid) != 0)
        refuse(data_dir.string() + " cannot be given to " + user.name, errno);
}

void become(const system_user& user) {
    // In this order: a user who is not root may change neither groups nor group.
    if (::initgroups(user.name.c_str(), user.gid) != 0 ||
        ::setresgid(user.gid, user.gid, user.gid) != 0 ||
        ::setresuid(user.uid, user.uid, user.uid) != 0)
        refuse("cannot become " + user.name, errno);
    drop_capabilities();
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    if (::getresuid(&real, &effective, &saved) != 0 || real != user.uid || effective != user.uid ||
        saved != user.uid || ::setuid(0) == 0 || ::seteuid(0) == 0)
        throw std::runtime_error("root could be had back after becoming " + user.name);
}

void drop_capabilities() {
    capability_sets none{};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 ||
        capability_call(SYS_capset, none) != 0)
        refuse("cannot give capabilities away", errno);
    if (has_capabilities()) throw std::runtime_error("capabilities were given away and are there");
}

}  // namespace hauspost::server
