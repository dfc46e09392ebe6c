package main

import (
	"encoding/json"
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What `terraform providers schema -json` would print, as far as a plan needs it.
type schemaFile struct {
	Provider    schemaEntry            `json:"provider"`
	Resources   map[string]schemaEntry `json:"resource_schemas"`
	DataSources map[string]schemaEntry `json:"data_source_schemas"`
}

type schemaEntry struct {
	Block block `json:"block"`
}

type block struct {
	Attributes map[string]attribute   `json:"attributes"`
	BlockTypes map[string]nestedBlock `json:"block_types"`
}

type attribute struct {
	Type     json.RawMessage `json:"type"`
	Required bool            `json:"required"`
	Optional bool            `json:"optional"`
	Computed bool            `json:"computed"`
	Values   []string        `json:"values"`
}

type nestedBlock struct {
	NestingMode string `json:"nesting_mode"`
	MinItems    int64  `json:"min_items"`
	MaxItems    int64  `json:"max_items"`
	Block       block  `json:"block"`
}

var nesting = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
}

func names[T any](of map[string]T) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func (b block) schema() (*tfprotov5.SchemaBlock, error) {
	made := &tfprotov5.SchemaBlock{}
	for _, name := range names(b.Attributes) {
		given := b.Attributes[name]
		parsed, err := tftypes.ParseJSONType(given.Type)
		if err != nil {
			return nil, err
		}
		made.Attributes = append(made.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: parsed, Required: given.Required, Optional: given.Optional, Computed: given.Computed,
		})
	}
	for _, name := range names(b.BlockTypes) {
		given := b.BlockTypes[name]
		inner, err := given.Block.schema()
		if err != nil {
			return nil, err
		}
		made.BlockTypes = append(made.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: nesting[given.NestingMode], MinItems: given.MinItems, MaxItems: given.MaxItems,
		})
	}
	return made, nil
}

// The attribute at a path; none where the path leads to something inside of one, or to a block.
func (b block) attribute(steps []tftypes.AttributePathStep) (attribute, bool) {
	for i, step := range steps {
		name, isName := step.(tftypes.AttributeName)
		if !isName {
			continue
		}
		if given, found := b.Attributes[string(name)]; found {
			// What is inside of an attribute comes and goes with it.
			return given, i == len(steps)-1
		}
		nested, found := b.BlockTypes[string(name)]
		if !found {
			return attribute{}, false
		}
		b = nested.Block
	}
	return attribute{}, false
}
