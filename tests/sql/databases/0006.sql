BEGIN TRANSACTION;
CREATE TABLE blocks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	run INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	data BLOB NOT NULL
);
CREATE TABLE changes (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	run INTEGER, 
	data BLOB NOT NULL, 
	time BIGINT NOT NULL
);
INSERT INTO "changes" VALUES(1,'experiment',1,NULL,X'7B226E616D65223A226F6C64222C226C6966656379636C655F7374616765223A22616374697665227D',1795668561158);
INSERT INTO "changes" VALUES(2,'run',1,1,X'7B22737461747573223A2252554E4E494E47222C2272756E5F6E616D65223A226669727374222C2274616773223A7B226D6C666C6F772E72756E4E616D65223A226669727374227D7D',1795668561206);
INSERT INTO "changes" VALUES(3,'run',1,1,X'7B22706172616D73223A7B226C72223A22302E31227D7D',1795668561270);
INSERT INTO "changes" VALUES(4,'run',1,1,X'7B2274616773223A7B226B223A2276227D7D',1795668561271);
INSERT INTO "changes" VALUES(5,'metrics',1,1,X'7B22626C6F636B73223A5B315D7D',1795668561272);
INSERT INTO "changes" VALUES(6,'run',1,1,X'7B22737461747573223A2246494E4953484544222C22656E645F74696D65223A313730303030303030303030337D',1795668561302);
INSERT INTO "changes" VALUES(7,'registered_model',-1,NULL,X'7B22776F726B7370616365223A2264656661756C74222C226E616D65223A226672617564222C22616374696F6E223A226D6F64656C5F63726561746564222C22736571223A317D',1795684947893);
INSERT INTO "changes" VALUES(8,'registered_model',-1,NULL,X'7B22776F726B7370616365223A2264656661756C74222C226E616D65223A226672617564222C22616374696F6E223A2276657273696F6E5F63726561746564222C2276657273696F6E223A2231222C22736571223A327D',1795684947935);
CREATE TABLE datasets (
	id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	source_type TEXT NOT NULL, 
	source TEXT NOT NULL, 
	schema TEXT, 
	profile TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (experiment_id, name, digest)
);
CREATE TABLE experiment_tags (
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (experiment_id, name)
)
 WITHOUT ROWID

;
INSERT INTO "experiment_tags" VALUES(1,'team','a');
CREATE TABLE experiments (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace VARCHAR(63) NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	artifact_location TEXT NOT NULL, 
	deleted SMALLINT NOT NULL, 
	deleted_time BIGINT, 
	creation_time BIGINT NOT NULL, 
	last_update_time BIGINT NOT NULL, 
	UNIQUE (workspace, name)
);
INSERT INTO "experiments" VALUES(0,'default','Default','mlflow-artifacts:/0',0,NULL,1795668561096,1795668561096);
INSERT INTO "experiments" VALUES(1,'default','old','mlflow-artifacts:/1',0,NULL,1795668561157,1795668561157);
CREATE TABLE input_tags (
	input INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	value VARCHAR(500) NOT NULL, 
	PRIMARY KEY (input, name)
)
 WITHOUT ROWID

;
CREATE TABLE inputs (
	id INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	dataset INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (run, dataset)
);
CREATE TABLE journals (
	workspace VARCHAR(63) NOT NULL, 
	id VARCHAR(256) NOT NULL, 
	applied BIGINT NOT NULL, 
	last_seen BIGINT NOT NULL, 
	rejected BLOB NOT NULL, 
	PRIMARY KEY (workspace, id)
);
CREATE TABLE keys (
	id INTEGER NOT NULL, 
	kind VARCHAR(6) NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (kind, name)
);
INSERT INTO "keys" VALUES(1,'tag','mlflow.runName');
INSERT INTO "keys" VALUES(2,'metric','loss');
INSERT INTO "keys" VALUES(3,'param','lr');
INSERT INTO "keys" VALUES(4,'tag','k');
CREATE TABLE leases (
	name VARCHAR(256) NOT NULL, 
	holder VARCHAR(256) NOT NULL, 
	expires BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "leases" VALUES('sealing','vm-16787-06564fc1ab444b4d9d23ec9b8a907665',0);
CREATE TABLE logged_model_params (
	model INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (model, name)
)
 WITHOUT ROWID

;
CREATE TABLE logged_model_tags (
	model INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (model, name)
)
 WITHOUT ROWID

;
CREATE TABLE logged_models (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace VARCHAR(63) NOT NULL, 
	model_id VARCHAR(256) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	artifact_location TEXT NOT NULL, 
	creation_timestamp BIGINT NOT NULL, 
	last_updated_timestamp BIGINT NOT NULL, 
	status SMALLINT NOT NULL, 
	status_message TEXT, 
	model_type TEXT NOT NULL, 
	source_run_id VARCHAR(256) NOT NULL, 
	deleted SMALLINT NOT NULL, 
	deleted_time BIGINT, 
	UNIQUE (workspace, model_id)
);
CREATE TABLE metric_datasets (
	id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name, digest)
);
CREATE TABLE mlflow_schema_version (
	version_num VARCHAR(32) NOT NULL, 
	PRIMARY KEY (version_num)
);
INSERT INTO "mlflow_schema_version" VALUES('0006');
CREATE TABLE model_inputs (
	id INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	model_id VARCHAR(256) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (run, model_id)
);
CREATE TABLE model_metrics (
	model INTEGER NOT NULL, 
	key_id INTEGER NOT NULL, 
	dataset INTEGER NOT NULL, 
	timestamp BIGINT NOT NULL, 
	step BIGINT NOT NULL, 
	run INTEGER NOT NULL, 
	value FLOAT NOT NULL, 
	is_nan SMALLINT NOT NULL, 
	PRIMARY KEY (model, key_id, dataset, timestamp, step, run, value, is_nan)
)
 WITHOUT ROWID

;
CREATE TABLE model_summaries (
	model INTEGER NOT NULL, 
	key_id INTEGER NOT NULL, 
	dataset INTEGER NOT NULL, 
	min_value FLOAT, 
	max_value FLOAT, 
	has_nan SMALLINT NOT NULL, 
	latest_timestamp BIGINT NOT NULL, 
	latest_step BIGINT NOT NULL, 
	latest_run INTEGER NOT NULL, 
	latest_value FLOAT, 
	PRIMARY KEY (model, key_id, dataset)
)
 WITHOUT ROWID

;
CREATE TABLE model_version_tags (
	version_id INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (version_id, name)
)
 WITHOUT ROWID

;
CREATE TABLE model_versions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	model INTEGER NOT NULL, 
	workspace VARCHAR(63) NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	creation_time BIGINT NOT NULL, 
	last_updated_time BIGINT NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	status_message TEXT, 
	description TEXT, 
	user_id TEXT, 
	source TEXT NOT NULL, 
	storage_location TEXT NOT NULL, 
	run_id VARCHAR(256), 
	run_link TEXT, 
	model_id VARCHAR(256), source_head VARCHAR(256) GENERATED ALWAYS AS (substr(source, 1, 256)) VIRTUAL, 
	UNIQUE (model, version)
);
INSERT INTO "model_versions" VALUES(1,1,'default','fraud',1,1795684947934,1795684947934,'None','READY',NULL,NULL,NULL,'s3://bucket/model','s3://bucket/model',NULL,NULL,NULL);
CREATE TABLE outputs (
	id INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	model_id VARCHAR(256) NOT NULL, 
	step BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (run, model_id)
);
CREATE TABLE params (
	run INTEGER NOT NULL, 
	key_id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	number FLOAT, 
	value TEXT NOT NULL, 
	PRIMARY KEY (run, key_id)
)
 WITHOUT ROWID

;
INSERT INTO "params" VALUES(1,3,1,'0.1',0.1,'0.1');
CREATE TABLE registered_model_aliases (
	model INTEGER NOT NULL, 
	alias VARCHAR(255) NOT NULL, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (model, alias)
)
 WITHOUT ROWID

;
CREATE TABLE registered_model_tags (
	model INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (model, name)
)
 WITHOUT ROWID

;
CREATE TABLE registered_models (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace VARCHAR(63) NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	description TEXT, 
	creation_time BIGINT NOT NULL, 
	last_updated_time BIGINT NOT NULL, 
	last_version INTEGER NOT NULL, 
	deployment_job_id TEXT, 
	UNIQUE (workspace, name)
);
INSERT INTO "registered_models" VALUES(1,'default','fraud',NULL,1795684947877,1795684947934,1,NULL);
CREATE TABLE registry_history (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace VARCHAR(63) NOT NULL, 
	model INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	version INTEGER, 
	action VARCHAR(32) NOT NULL, 
	subject VARCHAR(256), 
	"before" TEXT, 
	"after" TEXT, 
	evidence TEXT, 
	user_id TEXT NOT NULL, 
	time BIGINT NOT NULL
);
INSERT INTO "registry_history" VALUES(1,'default',1,'fraud',NULL,'model_created',NULL,NULL,'{}',NULL,'',1795684947877);
INSERT INTO "registry_history" VALUES(2,'default',1,'fraud',1,'version_created',NULL,NULL,'{"source":"s3://bucket/model","storage_location":"s3://bucket/model","stage":"None","status":"READY"}',NULL,'',1795684947934);
CREATE TABLE run_docs (
	run INTEGER NOT NULL, 
	version BIGINT NOT NULL, 
	doc BLOB NOT NULL, 
	PRIMARY KEY (run)
);
CREATE TABLE runs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace VARCHAR(63) NOT NULL, 
	run_id VARCHAR(256) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	start_time BIGINT NOT NULL, 
	end_time BIGINT, 
	deleted SMALLINT NOT NULL, 
	deleted_time BIGINT, 
	artifact_uri TEXT NOT NULL, 
	last_heartbeat BIGINT, 
	version BIGINT NOT NULL, 
	UNIQUE (workspace, run_id)
);
INSERT INTO "runs" VALUES(1,'default','0123456789abcdef0123456789abcdef',1,'first','','FINISHED',1700000000000,1700000000003,0,NULL,'mlflow-artifacts:/1/0123456789abcdef0123456789abcdef/artifacts',NULL,3);
CREATE TABLE segments (
	run INTEGER NOT NULL, 
	key_id INTEGER NOT NULL, 
	ordinal INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	min_step BIGINT NOT NULL, 
	max_step BIGINT NOT NULL, 
	min_timestamp BIGINT NOT NULL, 
	max_timestamp BIGINT NOT NULL, 
	outline BLOB NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (run, key_id, ordinal)
);
INSERT INTO "segments" VALUES(1,2,0,2,0,1,1700000000001,1700000000002,X'',X'0202000000000000000001000000000000000168E5CF8B0100000268E5CF8B010000000000000000E03F000000000000D03F296F793C');
CREATE TABLE summaries (
	run INTEGER NOT NULL, 
	key_id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	count BIGINT NOT NULL, 
	nan_count BIGINT NOT NULL, 
	latest_value FLOAT, 
	latest_step BIGINT NOT NULL, 
	latest_timestamp BIGINT NOT NULL, 
	first_value FLOAT, 
	first_step BIGINT NOT NULL, 
	first_timestamp BIGINT NOT NULL, 
	min_value FLOAT, 
	min_step BIGINT, 
	max_value FLOAT, 
	max_step BIGINT, 
	mean FLOAT, 
	mean_residue FLOAT NOT NULL, 
	last_timestamp BIGINT NOT NULL, 
	PRIMARY KEY (run, key_id)
)
 WITHOUT ROWID

;
INSERT INTO "summaries" VALUES(1,2,1,2,0,0.25,1,1700000000002,0.5,0,1700000000001,0.25,1,0.5,0,0.375,0.0,1700000000002);
CREATE TABLE tags (
	run INTEGER NOT NULL, 
	key_id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	head VARCHAR(64) NOT NULL, 
	number FLOAT, 
	value TEXT NOT NULL, 
	PRIMARY KEY (run, key_id)
)
 WITHOUT ROWID

;
INSERT INTO "tags" VALUES(1,1,1,'first',NULL,'first');
INSERT INTO "tags" VALUES(1,4,1,'v',NULL,'v');
CREATE TABLE views (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	experiment_id BIGINT NOT NULL, 
	view_id VARCHAR(32) NOT NULL, 
	screen VARCHAR(16) NOT NULL, 
	name VARCHAR(250), 
	state TEXT NOT NULL, 
	user_id VARCHAR(250) NOT NULL, 
	creation_time BIGINT NOT NULL, 
	last_update_time BIGINT NOT NULL, 
	UNIQUE (experiment_id, view_id), 
	UNIQUE (experiment_id, screen, name)
);
CREATE TABLE webhook_deliveries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	webhook INTEGER NOT NULL, 
	delivery_id VARCHAR(36) NOT NULL, 
	entity VARCHAR(50) NOT NULL, 
	action VARCHAR(50) NOT NULL, 
	body BLOB NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	created BIGINT NOT NULL, 
	finished BIGINT, 
	next_attempt BIGINT, 
	response_status INTEGER, 
	response_body TEXT, 
	error TEXT
);
CREATE TABLE webhook_events (
	webhook INTEGER NOT NULL, 
	entity VARCHAR(50) NOT NULL, 
	action VARCHAR(50) NOT NULL, 
	PRIMARY KEY (webhook, entity, action)
)
 WITHOUT ROWID

;
CREATE TABLE webhooks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	workspace VARCHAR(63) NOT NULL, 
	webhook_id VARCHAR(256) NOT NULL, 
	name TEXT NOT NULL, 
	description TEXT NOT NULL, 
	url TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	secret TEXT, 
	creation_timestamp BIGINT NOT NULL, 
	last_updated_timestamp BIGINT NOT NULL, 
	UNIQUE (workspace, webhook_id)
);
CREATE INDEX experiments_by_time ON experiments (workspace, deleted, creation_time DESC, id);
CREATE INDEX runs_by_start ON runs (experiment_id, deleted, start_time DESC, run_id);
CREATE INDEX params_by_value ON params (experiment_id, key_id, head, run);
CREATE INDEX params_by_number ON params (experiment_id, key_id, number, run) WHERE number IS NOT NULL;
CREATE INDEX tags_by_value ON tags (experiment_id, key_id, head, run);
CREATE INDEX tags_by_number ON tags (experiment_id, key_id, number, run) WHERE number IS NOT NULL;
CREATE INDEX blocks_by_run ON blocks (run, id);
CREATE INDEX summaries_by_value ON summaries (experiment_id, key_id, latest_value, run);
CREATE INDEX inputs_by_dataset ON inputs (dataset, run);
CREATE INDEX changes_by_experiment ON changes (experiment_id, seq);
CREATE INDEX registered_models_by_time ON registered_models (workspace, last_updated_time DESC, name);
CREATE INDEX registered_model_tags_by_value ON registered_model_tags (name, head, model);
CREATE INDEX registered_model_aliases_by_version ON registered_model_aliases (model, version);
CREATE INDEX model_versions_by_model_id ON model_versions (workspace, model_id);
CREATE INDEX model_versions_by_stage ON model_versions (model, stage, version);
CREATE INDEX model_versions_by_name ON model_versions (workspace, name, version DESC);
CREATE INDEX model_versions_by_run ON model_versions (workspace, run_id);
CREATE INDEX model_versions_by_time ON model_versions (workspace, last_updated_time DESC, name, version DESC);
CREATE INDEX model_version_tags_by_value ON model_version_tags (name, head, version_id);
CREATE INDEX registry_history_by_model ON registry_history (model, seq);
CREATE INDEX registry_history_by_name ON registry_history (workspace, name, seq);
CREATE INDEX logged_models_by_run ON logged_models (source_run_id);
CREATE INDEX logged_models_by_time ON logged_models (experiment_id, deleted, creation_timestamp DESC, model_id);
CREATE INDEX model_metrics_by_run ON model_metrics (run);
CREATE INDEX model_summaries_by_dataset ON model_summaries (dataset, model);
CREATE INDEX model_summaries_by_key ON model_summaries (key_id, model);
CREATE INDEX webhooks_by_time ON webhooks (workspace, creation_timestamp DESC, id);
CREATE INDEX webhook_events_by_event ON webhook_events (entity, action, webhook);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt);
CREATE INDEX model_versions_by_source ON model_versions (workspace, source_head);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('experiments',1);
INSERT INTO "sqlite_sequence" VALUES('changes',8);
INSERT INTO "sqlite_sequence" VALUES('runs',1);
INSERT INTO "sqlite_sequence" VALUES('blocks',1);
INSERT INTO "sqlite_sequence" VALUES('registered_models',1);
INSERT INTO "sqlite_sequence" VALUES('registry_history',2);
INSERT INTO "sqlite_sequence" VALUES('model_versions',1);
COMMIT;
