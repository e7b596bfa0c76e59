// Loads env files as a production server of one version of Next.js does, case after case.
const fs = require('fs');
const os = require('os');
const path = require('path');

const [version] = process.argv.slice(2);
const entry = require.resolve(`env-${version}`);
const quiet = { info() {}, error() {} };
const cases = JSON.parse(fs.readFileSync(0, 'utf8'));
const answers = cases.map(({ files, given }) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'env-'));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, given);
  delete require.cache[entry]; // the environment that a loader meets first stays its initial one
  require(entry).loadEnvConfig(folder, false, quiet);
  const found = { ...process.env };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, before);
  fs.rmSync(folder, { recursive: true });
  for (const name of ['__NEXT_PROCESSED_ENV', '__NEXT_PRIVATE_ORIGIN']) delete found[name];
  return found;
});
process.stdout.write(JSON.stringify(answers));
