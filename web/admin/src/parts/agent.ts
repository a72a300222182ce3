/// "Firefox · Windows" from what a browser calls itself; what is not known stays as it is.
export function programText(agent: string): string {
  const browsers: ReadonlyArray<readonly [RegExp, string]> = [
    [/Edg\//, "Edge"],
    [/OPR\//, "Opera"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Version\/.*Safari\//, "Safari"],
  ];
  const systems: ReadonlyArray<readonly [RegExp, string]> = [
    [/iPhone/, "iPhone"],
    [/iPad/, "iPad"],
    [/Android/, "Android"],
    [/Windows/, "Windows"],
    [/Mac OS X|Macintosh/, "Mac"],
    [/Linux/, "Linux"],
  ];
  const name = browsers.find(([pattern]) => pattern.test(agent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
  return name === undefined ? agent.slice(0, 80) : system === undefined ? name : `${name} · ${system}`;
}
