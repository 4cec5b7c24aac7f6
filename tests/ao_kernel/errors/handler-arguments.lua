Handlers.add("ping")
