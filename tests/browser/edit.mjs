// Edits of a description: each is a function from text to text, and fails where it would change nothing, so that no case
// says of a sound description that it is broken.

const changed = (name, edit) => (text) => {
  const made = edit(text);
  if (made === text) throw new Error(`${name} changes nothing`);
  return made;
};
const parts = (text) => text.split(/^(?=m=)/m);

/** One edit after the other. */
export const both = (...edits) => (text) => edits.reduce((made, edit) => edit(made), text);

/** The edit, in one section only: 0 is the session level, 1 the first m= section. */
export const at = (place, edit) => (text) => parts(text).map((part, index) => (index === place ? edit(part) : part)).join('');

/** The first match of a pattern is put otherwise. */
export const put = (pattern, otherwise) => changed(`put ${pattern}`, (text) => text.replace(new RegExp(pattern, 'm'), otherwise));

/** Every match of a pattern is put otherwise. */
export const every = (pattern, otherwise) => changed(`every ${pattern}`, (text) => text.replace(new RegExp(pattern, 'gm'), otherwise));

/** Every line that begins like this goes. */
export const drop = (pattern) => every(`^(?:${pattern})[^\\r\\n]*\\r\\n`, '');

/** Lines at the end of a section. */
export const add = (place, ...lines) => changed(`add ${lines}`, at(place, (part) => part + lines.map((line) => line + '\r\n').join('')));

/** Lines behind the first line that begins like this, anywhere. */
export const after = (pattern, ...lines) => put(`^((?:${pattern})[^\\r\\n]*\\r\\n)`, (line) => line + lines.map((one) => one + '\r\n').join(''));

/** Lines before the first line that begins like this, anywhere. */
export const before = (pattern, ...lines) => put(`^((?:${pattern})[^\\r\\n]*\\r\\n)`, (line) => lines.map((one) => one + '\r\n').join('') + line);

/** A section put last, as text. */
export const append = (text) => changed('append', (whole) => whole + text.replace(/\n/g, '\r\n'));

/** A section is left out. */
export const without = (place) => changed(`without ${place}`, (text) => parts(text).filter((_, index) => index !== place).join(''));

/** Two sections change places. */
export const swapped = (one, two) => changed('swapped', (text) => {
  const all = parts(text);
  [all[one], all[two]] = [all[two], all[one]];
  return all.join('');
});

/** Any function of the text. */
export const text = (edit) => changed('text', edit);
