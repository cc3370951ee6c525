# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title=gatewayctl org.opencontainers.image.licenses=Apache-2.0
ENV NODE_ENV=production \
    GATEWAYCTL_HEALTH_URL=http://127.0.0.1:9901/healthz
WORKDIR /opt/gatewayctl
COPY --from=build /src/package.json /src/LICENSE ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/schemas ./schemas
COPY --from=build /src/migrations ./migrations
COPY --from=build /src/status-page ./status-page
COPY --from=build /src/examples/quickstart.yaml ./examples/
COPY --from=build /src/dist ./dist
RUN ln -s /opt/gatewayctl/dist/cli/main.js /usr/local/bin/gatewayctl

# The place of the embedded database and of the signing keys. A new named volume that is mounted here takes its owner and
# its mode over. There is no VOLUME: on a read-only root, forgetting one ends the start, and fills no nameless volume.
RUN install -d -m 0700 -o 1000 -g 1000 /var/lib/gatewayctl

# The configuration is mounted as a folder, so that a file that is replaced is seen. Nothing else is written anywhere.
WORKDIR /etc/gatewayctl
USER 1000:1000
EXPOSE 8080 9901
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(process.env.GATEWAYCTL_HEALTH_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# The exec form: signals reach the program, and no shell in between.
ENTRYPOINT ["node", "/opt/gatewayctl/dist/cli/main.js"]
CMD ["serve", "-c", "/etc/gatewayctl/gateway.yaml"]
