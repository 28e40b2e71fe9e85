package crm

// PipelineSetting is the setting that holds a pipeline; its id follows from the
// pipeline's key.
func PipelineSetting(p Pipeline) Setting {
	return Setting{ID: "pipeline_" + p.Key, Pipeline: &p}
}
