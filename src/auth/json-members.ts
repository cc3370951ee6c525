const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;

/**
 * Whether an object in a JSON text has two members of one name, at any depth. RFC 7515 section 4 and RFC 7519 section 4
 * ask for names that are unique; `JSON.parse` takes the last one, another reader the first, and a token that says two
 * things would mean one here and the other there. Names are compared as they are meant: `"\u0061ud"` is `"aud"`.
 *
 * @param json a text that `JSON.parse` takes
 */
export function hasDuplicateMembers(json: string): boolean {
  // The names seen in each object that is open; undefined for a list.
  const open: (Set<string> | undefined)[] = [];
  let names: Set<string> | undefined;
  // Whether a string that begins now is a name: after { and after a comma in an object.
  let beforeName = false;
  for (let index = 0; index < json.length; index += 1) {
    switch (json.charCodeAt(index)) {
      case QUOTE: {
        const end = endOfString(json, index);
        if (beforeName && names !== undefined) {
          const name = nameOf(json.slice(index, end + 1));
          if (names.has(name)) return true;
          names.add(name);
          beforeName = false;
        }
        index = end;
        break;
      }
      case OPEN_OBJECT:
        names = new Set();
        open.push(names);
        beforeName = true;
        break;
      case OPEN_LIST:
        names = undefined;
        open.push(names);
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        open.pop();
        names = open.at(-1);
        beforeName = false;
        break;
      case COMMA:
        beforeName = names !== undefined;
        break;
      default:
    }
  }
  return false;
}

function endOfString(json: string, start: number): number {
  let index = start + 1;
  while (index < json.length && json.charCodeAt(index) !== QUOTE) {
    index += json.charCodeAt(index) === BACKSLASH ? 2 : 1;
  }
  return index;
}

function nameOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  const name: unknown = JSON.parse(literal);
  return typeof name === 'string' ? name : literal;
}
