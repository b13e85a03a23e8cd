CREATE CONSTRAINT GraphHuntSchema_key IF NOT EXISTS FOR (node:GraphHuntSchema) REQUIRE node.key IS UNIQUE;
CREATE CONSTRAINT GraphHuntLease_key IF NOT EXISTS FOR (node:GraphHuntLease) REQUIRE node.key IS UNIQUE;
