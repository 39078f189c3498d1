# Two images: `app` (our processes) and `nlu` (Rasa with the model trained at build time).
FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim AS app
WORKDIR /srv
COPY pyproject.toml uv.lock README.md ./
COPY bot bot
COPY knowledge knowledge
COPY scheduler scheduler
RUN uv sync --frozen --no-dev
COPY data data
ENV PATH=/srv/.venv/bin:$PATH CTC_VAR_DIR=/tmp/var
RUN useradd --create-home ctc
USER ctc
CMD ["bot", "serve"]

FROM ghcr.io/astral-sh/uv:python3.10-bookworm-slim AS nlu
WORKDIR /srv
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
COPY nlu nlu
RUN uv sync --frozen --project nlu
COPY bot/__init__.py bot/__init__.py
COPY bot/domain bot/domain
COPY knowledge/__init__.py knowledge/__init__.py
COPY knowledge/e5 knowledge/e5
COPY data/diacritics.json data/diacritics.json
COPY data/directory/wards.yml data/directory/wards.yml
COPY data/nlu data/nlu
COPY config.yml uv.lock ./
RUN nlu/.venv/bin/python -m nlu.train --out /srv/models && mv /srv/models/*.tar.gz /srv/model.tar.gz
RUN useradd --create-home ctc
USER ctc
CMD ["nlu/.venv/bin/python", "-m", "nlu.serve", "--model", "/srv/model.tar.gz", "--host", "0.0.0.0"]
