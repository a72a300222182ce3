#include "certs/cert_store.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hauspost::certs {

cert_store::cert_store(std::vector<certificate_files> files, const clock& now)
    : files_(std::move(files)), clock_(now) {
    if (files_.empty()) throw std::logic_error("cert_store without files");
    auto fresh = std::make_shared<list>();
    for (const auto& pair : files_)
        fresh->push_back(std::make_shared<const certificate>(read_certificate(pair)));
    current_ = std::move(fresh);
}

std::shared_ptr<const cert_store::list> cert_store::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

std::vector<std::string> cert_store::reload() {
    std::vector<std::string> faults;
    const auto now = clock_.now();
    const auto old = current();
    auto fresh = std::make_shared<list>(*old);
    for (std::size_t i = 0; i < files_.size(); ++i) {
        try {
            auto read = std::make_shared<const certificate>(read_certificate(files_[i]));
            auto late = find_time_fault(*read, now);
            if (!late.empty() && (*old)[i]->is_valid_at(now))
                faults.push_back(std::move(late));
            else
                (*fresh)[i] = std::move(read);
        } catch (const certificate_error& fault) {
            faults.emplace_back(fault.what());
        }
    }
    const std::lock_guard lock(mutex_);
    current_ = std::move(fresh);
    return faults;
}

std::vector<std::string> cert_store::replace(std::vector<certificate_files> files) {
    std::vector<std::string> faults;
    const auto now = clock_.now();
    const auto old = current();
    const bool is_good = std::all_of(old->begin(), old->end(),
                                     [&](const auto& one) { return one->is_valid_at(now); });
    auto fresh = std::make_shared<list>();
    for (const auto& pair : files) {
        try {
            auto read = std::make_shared<const certificate>(read_certificate(pair));
            auto late = find_time_fault(*read, now);
            if (is_good && !late.empty()) faults.push_back(std::move(late));
            fresh->push_back(std::move(read));
        } catch (const certificate_error& fault) {
            faults.emplace_back(fault.what());
        }
    }
    if (!faults.empty() || fresh->empty()) return faults;
    const std::lock_guard lock(mutex_);
    files_ = std::move(files);
    current_ = std::move(fresh);
    return faults;
}

std::shared_ptr<const certificate> cert_store::choose(std::string_view server_name) const {
    const auto known = current();
    if (server_name.ends_with('.')) server_name.remove_suffix(1);
    if (server_name.empty() || server_name.size() > 255) return known->front();  // RFC 1035 2.3.4
    const std::string host = ascii::lowered(server_name);
    for (const auto& cert : *known)
        if (cert->has_name(host)) return cert;
    for (const auto& cert : *known)
        if (cert->matches_wildcard(host)) return cert;
    return known->front();
}

std::vector<std::shared_ptr<const certificate>> cert_store::all() const {
    return *current();
}

std::vector<std::string> cert_store::warnings() const {
    std::vector<std::string> texts;
    const auto now = clock_.now();
    for (const auto& cert : *current())
        if (auto text = find_time_fault(*cert, now); !text.empty())
            texts.push_back(std::move(text));
    return texts;
}

}  // namespace hauspost::certs
