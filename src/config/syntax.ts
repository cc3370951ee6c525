import { isCollection, isScalar, visit, type Document, type Node, type YAMLError } from 'yaml';

/** A syntax error in the words of somebody who writes a configuration, at the place where the mistake was made. */
export interface SyntaxFault {
  readonly message: string;
  /** Where it stands, counted from the beginning of the text. */
  readonly offset: number;
  readonly hint?: string;
}

const SAME_COLUMN = 'begin all keys of a mapping, and all items of a list, in the same column';
const QUOTE_COLON = 'put a value that holds a colon and a space in quotes';

/**
 * Says what is wrong with a text that is no YAML. The parser's words are about parsers, and what it found unexpected may
 * be a part of a secret: they are passed on only where they name no content.
 *
 * @param error the parser's first
 * @param document as far as it could be parsed
 */
export function describeSyntaxError(error: YAMLError, document: Document.Parsed | Document, text: string): SyntaxFault {
  const [at] = error.pos;
  const line = startOfLine(text, at);
  if (text.slice(at - 1, at + 1) === '${') {
    const hint = 'write "${NAME}", or put the value on a line of its own';
    return { message: 'inside of { } and [ ] a ${…} has to be in quotes', offset: at - 1, hint };
  }
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { message: 'a tab indents this line', offset: line, hint: 'indent with spaces' };
    case 'MULTIPLE_DOCS':
      return {
        message: 'a second document begins here, and a configuration is one',
        offset: at,
        hint: 'remove this line, or move what follows to a file of its own and include: it',
      };
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
    case 'MULTIPLE_TAGS':
      return {
        message: 'this is a tag, and the language has none',
        offset: at,
        hint: '${NAME} fills a variable in; put a value that begins with ! in quotes',
      };
    case 'BAD_SCALAR_START':
      return { message: `a value cannot begin with ${text.charAt(at)}`, offset: at, hint: 'put the value in quotes' };
    case 'BAD_DQ_ESCAPE':
      return {
        message: 'there is no such escape in double quotes',
        offset: at,
        hint: 'in single quotes a backslash is nothing but itself',
      };
    case 'BLOCK_IN_FLOW':
      return { message: 'a comma is missing, or the closing bracket', offset: at, hint: QUOTE_COLON };
    case 'BLOCK_AS_IMPLICIT_KEY': {
      if (!error.message.startsWith('Nested')) return misindented(text, line);
      // Either the line holds two keys, or it ends and the next one is indented as if it belonged to the value.
      const end = text.indexOf('\n', at);
      if (end === -1 || /:\s/.test(text.slice(at, end))) {
        return { message: 'a second key begins in this line', offset: at, hint: QUOTE_COLON };
      }
      return misindented(text, end + 1 + Math.max(0, text.slice(end + 1).search(/^[^\n]*\S/m)));
    }
    case 'BAD_INDENT': {
      if (text.startsWith('\t', line)) {
        return { message: 'a tab indents this line', offset: line, hint: 'indent with spaces' };
      }
      const open = innermost(document, at, (node) => isCollection(node) && node.flow === true);
      if (!error.message.startsWith('Flow') || open === undefined) return misindented(text, line);
      const bracket = text.charAt(open);
      return {
        message: `this ${bracket} is not closed before the next line that is not indented`,
        offset: open,
        hint: `close it with ${bracket === '{' ? '}' : ']'}, or indent what belongs to it`,
      };
    }
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: 'expected a key, a colon and a space', offset: at, hint: 'write key: value' };
    case 'MISSING_CHAR': {
      if (error.message.startsWith('Missing closing')) {
        const open = innermost(document, at, (node) => isScalar(node) && node.type?.startsWith('QUOTE') === true);
        return { message: 'this quote is never closed', offset: open ?? at };
      }
      if (error.message.startsWith('Missing ,'))
        return { message: 'a comma is missing', offset: at, hint: QUOTE_COLON };
      const key = error.message.startsWith('Implicit');
      const message = key ? 'expected a key, a colon and a space' : lowerFirst(error.message);
      return { message, offset: at, ...(key ? { hint: 'write key: value' } : {}) };
    }
    case 'UNEXPECTED_TOKEN':
      return error.message.startsWith('Block scalar')
        ? { message: 'after | or > the text begins in the next line', offset: at }
        : {
            message: 'this cannot stand here',
            offset: at,
            hint: 'look at the quotes, brackets and indentation before it',
          };
    case 'ALIAS_PROPS':
    case 'BAD_ALIAS':
    case 'BAD_DIRECTIVE':
    case 'BAD_PROP_ORDER':
    case 'DUPLICATE_KEY':
    case 'IMPOSSIBLE':
    case 'KEY_OVER_1024_CHARS':
    case 'MULTIPLE_ANCHORS':
    case 'NON_STRING_KEY':
    case 'RESOURCE_EXHAUSTION':
      return { message: lowerFirst(error.message), offset: at };
  }
}

function misindented(text: string, line: number): SyntaxFault {
  let offset = line;
  while (text.charAt(offset) === ' ') offset += 1;
  return { message: 'this line begins in another column than the lines it belongs to', offset, hint: SAME_COLUMN };
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the innermost node of a kind begins that reaches over an offset, or ends there. */
function innermost(
  document: Document.Parsed | Document,
  offset: number,
  kind: (node: Node) => boolean,
): number | undefined {
  let start: number | undefined;
  visit(document, {
    Node(_key, node) {
      const { range } = node;
      if (range && range[0] <= offset && range[2] >= offset && kind(node)) start = range[0];
    },
  });
  return start;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
