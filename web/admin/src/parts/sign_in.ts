/// A program's name as people know it; "" where only the machine has one, as "[192.168.1.23]" or "localhost".
export function programName(said: string): string {
  return said.startsWith("[") || said === "localhost" ? "" : said;
}
