// Runs first, on whatever Node there is, so in ES5: an old Node must reach this sentence, not a SyntaxError.
var sentence =
  'EC2 State Monitor needs Node.js %s or newer and found %s: install a current release from https://nodejs.org';
var minimum = require('../package.json').engines.node.replace(/^>=\s*/, '');
var found = process.versions.node;

/** @param {string} version @param {string} other */
function isOlder(version, other) {
  var left = version.split('.');
  var right = other.split('.');
  var index = 0;
  while (index < right.length && Number(left[index]) === Number(right[index])) {
    index += 1;
  }
  return index < right.length && Number(left[index]) < Number(right[index]);
}

if (isOlder(found, minimum)) {
  console.error(sentence, minimum, found);
  process.exit(1);
}
