// A provider that knows the schema of google's and no cloud: it checks names, types, nesting and choices, and plans what a
// configuration says. For tests on machines that the registry is not reached from; see docs/decisions/terraform.md.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type server struct {
	// What this provider has no use for answers with a panic: it would be a bug of the tests.
	tfprotov5.ProviderServer
	file   schemaFile
	answer *tfprotov5.GetProviderSchemaResponse
}

func newServer() (*server, error) {
	made := &server{answer: &tfprotov5.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov5.ServerCapabilities{},
		ResourceSchemas:    map[string]*tfprotov5.Schema{},
		DataSourceSchemas:  map[string]*tfprotov5.Schema{},
	}}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// Beside the program, so that a schema that changes needs no new one.
	text, err := os.ReadFile(filepath.Join(filepath.Dir(program), "schema.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &made.file); err != nil {
		return nil, err
	}
	entries := []struct {
		from map[string]schemaEntry
		into map[string]*tfprotov5.Schema
	}{
		{made.file.Resources, made.answer.ResourceSchemas},
		{made.file.DataSources, made.answer.DataSourceSchemas},
	}
	for _, entry := range entries {
		for name, given := range entry.from {
			schema, err := given.Block.schema()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			entry.into[name] = &tfprotov5.Schema{Block: schema}
		}
	}
	schema, err := made.file.Provider.Block.schema()
	if err != nil {
		return nil, err
	}
	made.answer.Provider = &tfprotov5.Schema{Block: schema}
	return made, nil
}

func failed(err error) []*tfprotov5.Diagnostic {
	return []*tfprotov5.Diagnostic{{Severity: tfprotov5.DiagnosticSeverityError, Summary: err.Error()}}
}

func (s *server) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	answer := &tfprotov5.GetMetadataResponse{ServerCapabilities: s.answer.ServerCapabilities}
	for name := range s.answer.ResourceSchemas {
		answer.Resources = append(answer.Resources, tfprotov5.ResourceMetadata{TypeName: name})
	}
	for name := range s.answer.DataSourceSchemas {
		answer.DataSources = append(answer.DataSources, tfprotov5.DataSourceMetadata{TypeName: name})
	}
	return answer, nil
}

func (s *server) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return s.answer, nil
}

func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (s *server) PrepareProviderConfig(_ context.Context, asked *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: asked.Config}, nil
}

func (s *server) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (s *server) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

// Holds every attribute to the values that its documentation gives the choice of.
func (s *server) ValidateResourceTypeConfig(_ context.Context, asked *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	answer := &tfprotov5.ValidateResourceTypeConfigResponse{}
	config, err := asked.Config.Unmarshal(s.answer.ResourceSchemas[asked.TypeName].ValueType())
	if err != nil {
		answer.Diagnostics = failed(err)
		return answer, nil
	}
	of := s.file.Resources[asked.TypeName].Block
	err = tftypes.Walk(config, func(path *tftypes.AttributePath, one tftypes.Value) (bool, error) {
		given, found := of.attribute(path.Steps())
		if !found || len(given.Values) == 0 || one.IsNull() || !one.IsKnown() || !one.Type().Is(tftypes.String) {
			return true, nil
		}
		var text string
		if err := one.As(&text); err != nil {
			return false, err
		}
		if !slices.Contains(given.Values, text) {
			answer.Diagnostics = append(answer.Diagnostics, &tfprotov5.Diagnostic{
				Severity:  tfprotov5.DiagnosticSeverityError,
				Summary:   fmt.Sprintf("expected one of %q, not %q", given.Values, text),
				Attribute: path,
			})
		}
		return true, nil
	})
	if err != nil {
		answer.Diagnostics = failed(err)
	}
	return answer, nil
}

func (s *server) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

func (s *server) UpgradeResourceState(_ context.Context, asked *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	kind := s.answer.ResourceSchemas[asked.TypeName].ValueType()
	state, err := asked.RawState.Unmarshal(kind)
	if err != nil {
		return &tfprotov5.UpgradeResourceStateResponse{Diagnostics: failed(err)}, nil
	}
	upgraded, err := tfprotov5.NewDynamicValue(kind, state)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

// Nothing is there but what the state says.
func (s *server) ReadResource(_ context.Context, asked *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: asked.CurrentState}, nil
}

// What the configuration leaves to the provider is known after the apply.
func (s *server) PlanResourceChange(_ context.Context, asked *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	planned, err := fill(s.answer.ResourceSchemas[asked.TypeName].ValueType(), s.file.Resources[asked.TypeName].Block, asked.ProposedNewState,
		func(kind tftypes.Type, _ string) any { return tftypes.UnknownValue })
	if err != nil {
		return &tfprotov5.PlanResourceChangeResponse{Diagnostics: failed(err)}, nil
	}
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: planned}, nil
}

func (s *server) ApplyResourceChange(context.Context, *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	return &tfprotov5.ApplyResourceChangeResponse{Diagnostics: failed(fmt.Errorf("this provider knows a schema and no cloud: it only plans"))}, nil
}

// Answers with texts that say what they stand for.
func (s *server) ReadDataSource(_ context.Context, asked *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	state, err := fill(s.answer.DataSourceSchemas[asked.TypeName].ValueType(), s.file.DataSources[asked.TypeName].Block, asked.Config,
		func(kind tftypes.Type, name string) any {
			if kind.Is(tftypes.String) {
				return map[bool]string{true: "123456789012", false: name}[name == "number"]
			}
			return nil
		})
	if err != nil {
		return &tfprotov5.ReadDataSourceResponse{Diagnostics: failed(err)}, nil
	}
	return &tfprotov5.ReadDataSourceResponse{State: state}, nil
}

// Gives every attribute that is the provider's to set, and that is not set, the value of `with`.
func fill(kind tftypes.Type, of block, given *tfprotov5.DynamicValue, with func(kind tftypes.Type, name string) any) (*tfprotov5.DynamicValue, error) {
	value, err := given.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	if value.IsNull() {
		return given, nil
	}
	filled, err := tftypes.Transform(value, func(path *tftypes.AttributePath, one tftypes.Value) (tftypes.Value, error) {
		steps := path.Steps()
		if given, found := of.attribute(steps); !one.IsNull() || !found || !given.Computed {
			return one, nil
		}
		name, _ := steps[len(steps)-1].(tftypes.AttributeName)
		return tftypes.NewValue(one.Type(), with(one.Type(), string(name))), nil
	})
	if err != nil {
		return nil, err
	}
	made, err := tfprotov5.NewDynamicValue(kind, filled)
	return &made, err
}

func main() {
	made, err := newServer()
	if err == nil {
		err = tf5server.Serve("registry.terraform.io/hashicorp/google", func() tfprotov5.ProviderServer { return made })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
