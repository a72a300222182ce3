#pragma once

#include "base/clock.hpp"
#include "server/outbound/delivery_settings.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace hauspost::outbound {

/// Deliveries that go on, and whether there is room for more.
///
/// A delivery *waits* when no server has got on with it for a while: one that none has answered yet,
/// after a second, or at once where some of its recipients have been tried before in vain. Who waits takes
/// nobody's place; else as many dead domains as there are places would hold up all others until their time
/// is over. But there is a bound for these, too. A domain gets a second delivery when one of its servers
/// has answered.
///
/// With one relay for all there is one server, and each delivery takes a place.
///
/// Lifetime: the settings must outlive it. Thread: one.
class running_deliveries {
public:
    struct one {
        std::string domain;     // "": a report, which waits for nobody
        bool is_new = true;     // not all of its recipients have been tried before
        bool is_heard = false;  // a server, or ourselves
        steady_time heard_at;   // at first: its beginning
    };
    using place = std::list<one>::iterator;

    explicit running_deliveries(const delivery_settings& settings) : settings_(settings) {}

    /// The place is valid until end().
    place begin(const std::string& domain, bool is_new, steady_time now);
    /// Something came of it. True: of its domain for the first time, so that more deliveries may begin.
    bool hear(place at, steady_time now);
    void end(place at);

    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    /// How many more may begin.
    [[nodiscard]] std::size_t room(steady_time now) const;
    /// Domains that get no more.
    [[nodiscard]] std::vector<std::string> busy() const;

private:
    struct of_domain {
        std::size_t count = 0;
        bool is_heard = false;
    };

    [[nodiscard]] bool waits(const one& which, steady_time now) const;

    const delivery_settings& settings_;
    std::list<one> all_;
    std::map<std::string, of_domain> by_domain_;
};

}  // namespace hauspost::outbound
