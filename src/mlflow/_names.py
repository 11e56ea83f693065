"""The public names of `mlflow`: where each lives, and which are not part of this release.

The typing twin `__init__.pyi` says the same to type checkers; a test compares the two.
"""

from __future__ import annotations

__all__ = ["GENAI", "LATER", "LATER_METHODS", "NAMES"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FLUENT = (
    "active_run autolog clear_active_model create_experiment create_external_model delete_experiment "
    "delete_experiment_tag delete_logged_model_tag delete_run delete_tag end_run finalize_logged_model "
    "flush_artifact_async_logging flush_async_logging get_active_model_id get_artifact_uri get_experiment "
    "get_experiment_by_name get_logged_model get_parent_run get_run initialize_logged_model last_active_run "
    "last_logged_model load_table log_artifact log_artifacts log_audio log_dict log_figure log_histogram log_image "
    "log_input log_inputs log_metric log_metric_history log_metrics log_model_params log_outputs log_param log_params "
    "log_stream log_table log_text log_video register_model restore_experiment restore_run search_experiments "
    "search_logged_models search_model_versions search_registered_models search_runs set_active_model set_experiment "
    "set_experiment_tag set_experiment_tags set_logged_model_tags set_model_version_tag set_tag set_tags start_run"
)
_URIS = "get_registry_uri get_tracking_uri is_tracking_uri_set set_registry_uri set_tracking_uri"
_SYSTEM_METRICS = (
    "disable_system_metrics_logging enable_system_metrics_logging set_system_metrics_node_id "
    "set_system_metrics_samples_before_logging set_system_metrics_sampling_interval"
)
_MODULES = (
    "artifacts client config data entities environment_variables exceptions metrics models projects pyfunc sklearn "
    "system_metrics tracking types version webhooks"
)
_FLAVORS = (
    "catboost h2o keras lightgbm onnx paddle pmdarima prophet pyspark pytorch sentence_transformers shap spacy spark "
    "statsmodels tensorflow transformers xgboost"
)

NAMES: dict[str, str] = {
    **{name: f"mlflow.tracking.fluent:{name}" for name in _FLUENT.split()},
    **{name: f"mlflow.tracking.uris:{name}" for name in _URIS.split()},
    **{name: f"mlflow.system_metrics:{name}" for name in _SYSTEM_METRICS.split()},
    **{name: f"mlflow.{name}" for name in [*_MODULES.split(), *_FLAVORS.split()]},
    "ActiveModel": "mlflow.tracking.active_model:ActiveModel",
    "ActiveRun": "mlflow.tracking.active_run:ActiveRun",
    "Image": "mlflow.tracking.media.image:Image",
    "MlflowClient": "mlflow.tracking.client:MlflowClient",
    "MlflowException": "mlflow.exceptions:MlflowException",
    "__version__": "mlflow.version:VERSION",
    "doctor": "mlflow.diagnosis:doctor",
    "evaluate": "mlflow.evaluation.entry:evaluate",
    "validate_evaluation_results": "mlflow.evaluation.validation:validate_evaluation_results",
    "registry_gate": "mlflow.registry_gates:registry_gate",
    "run": "mlflow.projects.launch:run",
}
"""name -> `module` or `module:attribute`."""

LATER = _words(
    """
    create_workspace delete_workspace deployments get_workspace import_checkpoints list_workspaces login
    set_workspace update_workspace diffusers johnsnowlabs rfunc sagemaker
    """
)
"""Classic names whose part is not built yet: of models, the registry, projects and workspaces, and flavors."""

GENAI = _words(
    """
    add_trace context delete_assessment delete_prompt_alias delete_trace_tag flush_trace_async_logging gateway genai
    get_active_trace_id get_assessment get_current_active_span get_last_active_trace_id get_trace load_prompt
    log_assessment log_expectation log_feedback log_issue log_trace override_feedback register_prompt search_prompts
    search_sessions search_traces set_prompt_alias set_trace_tag start_span start_span_no_context test trace tracing
    update_assessment update_current_trace ag2 agno anthropic autogen bedrock claude_code crewai dspy gemini groq
    haystack langchain litellm llama_index mistral openai optuna otel prompt pydantic_ai pytest semantic_kernel
    smolagents strands txtai typesafe
    evaluation.Assessment evaluation.AssessmentSource evaluation.AssessmentSourceType evaluation.Evaluation
    evaluation.assessment evaluation.evaluation evaluation.evaluation_tag evaluation.fluent evaluation.log_evaluations
    evaluation.utils
    metrics.ari_grade_level metrics.bleu metrics.exact_match metrics.flesch_kincaid_grade_level metrics.genai
    metrics.latency metrics.ndcg_at_k metrics.precision_at_k metrics.recall_at_k metrics.rouge1 metrics.rouge2
    metrics.rougeL metrics.rougeLsum metrics.token_count metrics.toxicity
    """
)
"""Names of the tier for generative applications, which this distribution does not have."""

LATER_METHODS = _words(
    """
    add_dataset_to_experiments create_dataset create_mcp_access_endpoint create_mcp_server create_mcp_server_version
    create_prompt create_prompt_version create_workspace delete_dataset delete_dataset_tag
    delete_mcp_access_endpoint delete_mcp_server delete_mcp_server_alias delete_mcp_server_tag
    delete_mcp_server_version delete_mcp_server_version_tag delete_prompt delete_prompt_alias delete_prompt_tag
    delete_prompt_version delete_prompt_version_tag delete_trace_tag delete_traces delete_workspace
    detach_prompt_from_run end_span end_trace get_dataset get_latest_mcp_server_version get_mcp_access_endpoint
    get_mcp_server get_mcp_server_version get_mcp_server_version_by_alias get_prompt get_prompt_version
    get_prompt_version_by_alias get_trace get_workspace get_workspace_store_uri
    link_prompt_version_to_model link_prompt_version_to_run link_prompt_versions_to_trace link_traces_to_run
    list_logged_prompts list_workspaces load_prompt parse_prompt_uri refresh_mcp_server_version_tools
    register_prompt remove_dataset_from_experiments search_datasets search_mcp_access_endpoints
    search_mcp_server_versions search_mcp_servers search_prompt_versions search_prompts search_traces
    set_dataset_tags set_mcp_server_alias set_mcp_server_tag set_mcp_server_version_tag set_prompt_alias
    set_prompt_tag set_prompt_version_tag set_trace_tag start_span start_trace unlink_traces_from_run
    update_mcp_access_endpoint update_mcp_server update_mcp_server_version update_workspace
    """
)
"""Methods of MlflowClient whose part is not built yet, or not part of this distribution."""
