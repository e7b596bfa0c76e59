// Prints what Next's static analysis reads out of the `config` of each middleware file.
const fs = require('fs');
const os = require('os');
const path = require('path');

const [home, texts] = JSON.parse(fs.readFileSync(0));
process.env.NODE_ENV = 'production';
process.env.NEXT_COMPILER_NAME = 'server';
const { getPageStaticInfo } = require(
  `${home}/node_modules/next/dist/build/analysis/get-page-static-info`,
);
const say = console.log;
console.log = console.error = console.warn = () => {};

async function read(folder, name, text) {
  const pageFilePath = path.join(folder, `${name}.ts`);
  fs.writeFileSync(pageFilePath, text);
  let complaints = 0;
  console.error = console.warn = (...words) => {
    complaints += words.join(' ').includes("can't recognize") ? 1 : 0;
  };
  try {
    const info = await getPageStaticInfo({
      pageFilePath, page: '/middleware', nextConfig: {}, isDev: false, pageType: 'root',
    });
    const matchers = info.middleware?.matchers ?? null;
    return { refused: false, complaints, regexps: matchers && matchers.map((one) => one.regexp) };
  } catch {
    return { refused: true, complaints, regexps: null };
  }
}

(async () => {
  process.exit = () => {
    throw new Error('Next stops');
  };
  // 16 parses with bindings that the build has loaded by then
  await require(`${home}/node_modules/next/dist/build/swc`).loadBindings().catch(() => {});
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'middleware-'));
  const found = {};
  for (const [name, text] of Object.entries(texts)) found[name] = await read(folder, name, text);
  fs.rmSync(folder, { recursive: true });
  say(JSON.stringify(found));
})();
