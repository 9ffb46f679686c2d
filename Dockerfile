# The image of the operator, the chat API and the reminder worker, for those who have docker, podman or buildah:
#   docker build --tag kafka-events:0.1.0 .
#   minikube image build --tag kafka-events:0.1.0 .
# `make images` builds the same without Docker. test/unit/localcluster/images/plain-dockerfile.test.ts compares the two.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src/ src/
RUN npm run build

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# What only developers read is left out: two thirds of the bytes.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules ! -type d ! -regex '.*\.\(js\|cjs\|mjs\|json\|wasm\|node\)' \
    ! -iname 'licen[cs]e*' ! -iname 'copying*' ! -iname 'notice*' -exec rm {} +

# A C++ runtime, certificates and a user: no shell, no package manager, no npm.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=dependencies /build/node_modules/ /app/node_modules/
COPY --from=build /build/dist/ /app/dist/
COPY package.json /app/
ENV PATH=/usr/local/bin NODE_ENV=production
USER 65532:65532
WORKDIR /app
ARG VERSION=0.1.0
ARG REVISION=
ARG SOURCE=
LABEL org.opencontainers.image.title="kafka-events" org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.source="${SOURCE}"
ENTRYPOINT ["node"]
