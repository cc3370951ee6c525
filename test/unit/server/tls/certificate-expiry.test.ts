import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import type { CertificateConfig, ServerTlsConfig } from '../../../../src/config/tls-config.ts';
import { certificateExpiries } from '../../../../src/server/tls/certificate-expiry.ts';
import { first, second } from '../../../support/certificates.ts';

function config(...certificates: readonly CertificateConfig[]): ServerTlsConfig {
  return {
    listen: { host: '127.0.0.1', port: 0 },
    certificates,
    minVersion: 'TLSv1.2',
    clientCa: undefined,
    clientAuth: 'require',
    redirectHttp: false,
    hsts: 0,
    http2: true,
  };
}

const expiryOf = ({ cert }: CertificateConfig): number => new Date(new X509Certificate(cert).validTo).getTime() / 1000;

describe('when certificates expire', () => {
  it('is told by the first name of each, and of two with one name the earlier counts', () => {
    const earlier = Math.min(expiryOf(first), expiryOf(second));
    expect(earlier).to.be.above(4e9);
    expect([...certificateExpiries(config(second, first))]).to.deep.equal([['localhost', earlier]]);
    expect([...certificateExpiries(config(first, second))]).to.deep.equal([['localhost', earlier]]);
  });

  it('is nothing without an HTTPS listener', () => {
    expect([...certificateExpiries(undefined)]).to.deep.equal([]);
  });
});
