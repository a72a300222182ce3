#include "protocols/query/run/search_job.hpp"

#include "protocols/query/search_text.hpp"
#include "storage/errc.hpp"

#include <utility>

namespace hauspost::query {
namespace {

class search_job {
public:
    explicit search_job(const search_batch& batch)
        : batch_(batch), candidate_(batch.keywords, batch.recent) {}

    void decide(open_question& question) {
        question.view.extra_keywords = &question.extra_keywords;
        question.view.prefix = question.prefix;
        question.view.summary = question.summary;
        candidate_.show(question.sequence, question.view);
        auto verdict = search_verdict::unknown;
        if (batch_.program.needs(search_cost::header)) {
            question.failed = read_header(question);
            if (question.failed) return;
            verdict = evaluate(batch_.program, candidate_, search_cost::header, &question.likeness);
        }
        if (verdict == search_verdict::unknown) {
            question.failed = read_body(question);
            if (question.failed) return;
            verdict = evaluate(batch_.program, candidate_, search_cost::body, &question.likeness);
        }
        question.verdict = verdict;
    }

private:
    error_code read_header(const open_question& question) {
        std::string header = question.prefix;
        const auto failed =
            append_blob(header, question.view.blob, 0, header_octets(candidate_.parts()));
        candidate_.set_header(std::move(header));
        return failed;
    }

    /// All text of the body: headers of inner parts and the text parts themselves.
    error_code read_body(const open_question& question) {
        const auto ranges = body_ranges(candidate_.parts(), max_searched_octets_of_body);
        std::vector<std::string> pieces(ranges.size());
        for (std::size_t n = 0; n < ranges.size(); ++n)
            if (const auto failed =
                    append_blob(pieces[n], question.view.blob, ranges[n].offset, ranges[n].octets))
                return failed;
        candidate_.set_body(searchable_body(ranges, pieces));
        return {};
    }

    error_code append_blob(std::string& into,
                           blob_id blob,
                           std::uint64_t offset,
                           std::uint64_t count) {
        if (count == 0) return {};
        const auto start = into.size();
        into.resize(start + count);
        const auto got = batch_.blobs.read_here(blob, offset, std::span(into).subspan(start));
        if (!got) return got.error();
        into.resize(start + *got);
        return {};
    }

    const search_batch& batch_;
    search_candidate candidate_;
};

}  // namespace

std::size_t decide_questions(search_batch& batch) {
    search_job job(batch);
    std::size_t decided = 0;
    while (batch.time.now() < batch.until) {
        const auto mine = batch.next.fetch_add(1);
        if (mine >= batch.questions.size()) break;
        job.decide(batch.questions[mine]);
        ++decided;
    }
    return decided;
}

}  // namespace hauspost::query
