import { describe, expect, test } from "vitest";
import { askAgain, EventReader, isLive } from "../../admin/src/api/events.ts";

describe("events of the server", () => {
  test("each is whole with its empty line, however the octets come", () => {
    const text = 'event: changed\ndata: overview queue\n\n:\n\nevent: full\ndata: \n\ndata: x\n\n';
    const wanted = [
      { name: "changed", data: "overview queue" },
      { name: "full", data: "" },
      { name: "message", data: "x" },
    ];
    for (let step = 1; step <= text.length; ++step) {
      const reader = new EventReader();
      const seen = [];
      for (let at = 0; at < text.length; at += step) seen.push(...reader.add(text.slice(at, at + step)));
      expect(seen).toEqual(wanted);
    }
  });

  test("what is not whole is not told", () => {
    expect(new EventReader().add("event: changed\ndata: queue\n")).toEqual([]);
  });

  test("without a stream the pages ask by the clock", () => {
    expect(isLive()).toBe(false);
    expect(askAgain()).toBe(15_000);
  });
});
