/** `node:test` as far as these tests use it, for browsers: one after the other, and what failed is told to Playwright. */

type Test = () => void | Promise<void>;

const waiting: [name: string, run: Test][] = [];

export function test(name: string, run: Test): void {
  waiting.push([name, run]);
}

function tooLong(): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new Error('It takes too long.')), 90_000));
}

/** The names of the tests (of those with `only` in their names), and of those that failed why. */
async function runTests(only = ''): Promise<{ passed: string[]; failed: string[] }> {
  const [passed, failed]: [string[], string[]] = [[], []];
  for (const [name, run] of waiting.filter(([name]) => name.includes(only))) {
    try {
      await Promise.race([run(), tooLong()]);
      passed.push(name);
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? `${error.message}\n${error.stack}` : String(error)}`);
    }
  }
  return { passed, failed };
}

Object.assign(globalThis, { runTests });
