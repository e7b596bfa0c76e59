// Prints, for each matcher, the regular expression that Next compiles and the paths it matches.
const [home, sources, options, paths] = JSON.parse(require('fs').readFileSync(0));
const analysis = require(`${home}/node_modules/next/dist/build/analysis/get-page-static-info`);

function compiled(source) {
  let matcher;
  try {
    [matcher] = analysis.getMiddlewareMatchers([source], options);
  } catch {
    return { regexp: null, hits: [] };
  }
  const pattern = new RegExp(matcher.regexp);
  return { regexp: matcher.regexp, hits: paths.filter((path) => pattern.test(path)) };
}

process.exit = () => {
  throw new Error('Next refuses this matcher');
};
const say = console.log;
console.log = console.error = console.warn = () => {};
say(JSON.stringify(sources.map(compiled)));
