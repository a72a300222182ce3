"""tools/check_coawait.py finds the forms that g++ 12 breaks, and nothing else."""

import unittest

import check_coawait


def found(body):
    return [what for _, what in check_coawait.faults("awaitable<void> f() {\n" + body + "\n}\n")]


class Finds(unittest.TestCase):
    def test_a_lambda_that_captures_by_value(self):
        for captures in ("request", "=", "r = std::move(r)", "this, r", "*this", "&a, b"):
            with self.subTest(captures):
                self.assertEqual(len(found(f"co_await run([{captures}](txn& t) {{ return 1; }});")), 1)

    def test_a_brace_built_aggregate_in_every_place_of_a_statement(self):
        for statement in (
                'co_await send(answer{250, "ok"});',
                'co_await send({250, "ok"});',
                'const auto x = co_await send(1, {250, "ok"});',
                'if (co_await send(answer{250})) co_return;',
                'while (!(co_await send(answer{250}))) {}',
                'switch (co_await send(answer{250})) { case 1: break; }',
                'co_return co_await send(answer{250});',
                'f(co_await g(), pair_of<int>{1, 2});',
                'co_await (read(answer{1}) || timer(x));',
                'co_await send(ok ? answer{250} : other);'):
            with self.subTest(statement):
                self.assertEqual(len(found(statement)), 1)

    def test_a_conditional_operator_that_awaits_in_both_branches(self):
        for statement in (
                'const auto x = ok ? co_await a() : co_await b();',
                'co_return is(a, b) ? co_await n::a(x) : co_await n::b(y);',
                'f(ok ? co_await a() : co_await b(), 1);',
                'x = one ? two ? 1 : co_await a() : co_await b();',
                'x = ok ? g(co_await a()) : co_await b();'):
            with self.subTest(statement):
                self.assertEqual(found(statement), ["both branches of ?: await"])

    def test_a_switch_that_awaits_under_several_labels(self):
        for body in (
                'case n::one: co_await a(); break; case n::two: co_await b(); break;',
                'case 1: { co_await a(); break; } default: { if (x) co_await b(); }'):
            with self.subTest(body):
                self.assertEqual(found(f"switch (f(x)) {{ {body} }}"),
                                 ["several labels of a switch await"])

    def test_the_line_of_the_temporary(self):
        self.assertEqual(check_coawait.faults("a();\nco_await f(\n    answer{1});\n"),
                         [(3, "brace-built temporary answer{}")])


class LeavesAlone(unittest.TestCase):
    def test_what_is_named_on_the_line_before(self):
        self.assertEqual(found("""
            auto work = [request = std::move(request)](txn& tx) { return append(tx, request); };
            const answer ok{250, "ok"};
            co_return co_await writer.run(std::move(work), ok);"""), [])

    def test_lambdas_that_own_nothing_and_types_with_a_constructor(self):
        self.assertEqual(found("""
            co_await run([&] { return 1; });
            co_await run([this, &a](int x) { answer local{1}; return x; });
            co_await run([](int x) { return [x] { return x; }; });
            co_await store.walk(box, uid{1}, std::string{"a"}, std::chrono::seconds{5});"""), [])

    def test_blocks_subscripts_and_structured_bindings(self):
        self.assertEqual(found("""
            if (co_await f(a[i], b["{"])) { answer x{1}; }
            for (auto& one : co_await list()) { one = thing{2}; }
            const auto [ec, octets] = co_await read(buffers[0]);
            auto handler = [x] { return x; };
            if (auto r = co_await g(); r) { return; }"""), [])

    def test_branches_and_labels_of_which_one_awaits(self):
        self.assertEqual(found("""
            const auto x = ok ? co_await a() : none;
            const auto y = co_await a(ok ? 1 : 2) + co_await b();
            if (ok ? a : b) co_await c(); else co_await d();
            switch (z) { case 1: case 2: co_await a(); break; case 3: f(); break; default: g(); }
            switch (co_await f()) { case 1: a(); break; case 2: co_await b(); }"""), [])

    def test_comments_and_strings(self):
        self.assertEqual(found("""
            // co_await send(answer{250});
            log("co_await send({1})");
            co_await send("{" /* {1} */, '{');"""), [])

    def test_the_body_of_another_lambda(self):
        self.assertEqual(found("""
            spawn(io, [](session s) -> awaitable<void> { co_await s.run(); });
            const point p{1, 2};"""), [])


if __name__ == "__main__":
    unittest.main()
