/** Where the endpoints of an upstream are found. */
export type DiscoverConfig =
  | {
      readonly kind: 'dns';
      readonly dns: string;
      readonly port: number | undefined;
      readonly scheme: 'http' | 'https' | undefined;
      readonly srv: boolean;
    }
  | { readonly kind: 'registry' }
  | { readonly kind: 'consul'; readonly consul: string; readonly service: string; readonly tag: string | undefined }
  | { readonly kind: 'etcd'; readonly etcd: string; readonly prefix: string }
  | {
      readonly kind: 'kubernetes';
      readonly namespace: string | undefined;
      readonly service: string;
      readonly port: string | number | undefined;
    }
  /** The absolute path of the file. */
  | { readonly kind: 'file'; readonly file: string };
