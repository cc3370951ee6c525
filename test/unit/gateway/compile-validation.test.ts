import { expect } from 'chai';
import { createResources } from '../../../src/gateway/resources.ts';

describe('validators of routes', () => {
  it('are shared by their schema, and go with the last that has it', () => {
    const { validators } = createResources();
    const schema = JSON.stringify({ type: 'object', properties: { page: { type: 'integer' } } });
    const first = validators.acquire({ schema, coerce: true });
    const second = validators.acquire({ schema, coerce: true });
    const strict = validators.acquire({ schema, coerce: false });
    expect(second.resource.validator).to.equal(first.resource.validator);
    expect(first.resource.validator.faults({ page: '1' })).to.deep.equal([]);
    expect(strict.resource.validator.faults({ page: '1' })).to.have.length(1);
    expect(validators.size).to.equal(2);
    for (const lease of [first, second, strict]) lease.release();
    expect(validators.size).to.equal(0);
  });
});
