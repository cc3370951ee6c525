/** Seventeen items as a shop might have them, and so long a note that the whole is 1 KiB. */
function order(): string {
  const items = Array.from({ length: 17 }, (_, index) => ({
    sku: `article-${100 + index}`,
    qty: index + 1,
    gift: false,
  }));
  const document = { id: 4711, customer: 'c-2041', internal: 'margin-17', items, note: '' };
  const missing = 1024 - Buffer.byteLength(JSON.stringify(document));
  return JSON.stringify({ ...document, note: 'x'.repeat(missing) });
}

/** A JSON document of 1 KiB, with a list of 17 objects. */
export const ORDER = order();

/** The entity tag of every answer that may be stored. */
export const STORED_TAG = '"as-it-is"';

/** What the document has to be, as it stands in a route. */
export const ORDER_SCHEMA =
  '{ type: object, required: [id, customer, items], properties: { id: { type: integer, minimum: 1 }, ' +
  'customer: { type: string, maxLength: 64 }, note: { type: string, maxLength: 1024 }, items: { type: array, ' +
  'minItems: 1, items: { type: object, required: [sku, qty], properties: { sku: { type: string, maxLength: 64 }, ' +
  'qty: { type: integer, minimum: 1 }, gift: { type: boolean } } } } } }';
