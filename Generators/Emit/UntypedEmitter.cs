using Ops.Generators.Emit.Inference;
using Ops.Generators.Emit.Scaffolds;
using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the methods that serve an op to graphs, where only the running program knows the types. Versions that are bound alike
/// share them.</summary>
internal sealed class UntypedEmitter(CodeWriter writer, IReadOnlyList<OpVersion> versions, BindGroups groups, Scaffold? scaffold)
{
    private readonly OpModel newest = versions[versions.Count - 1].Model;

    /// <summary>The definitions, one per version.</summary>
    public void Definitions()
    {
        foreach (OpVersion version in versions)
        {
            string schema = $"Schema{version.Model.Since}", group = groups.NumberOf(version.Model);
            string run = scaffold is null ? "null" : $"call => Run{group}({schema}, call)";
            string expand = version.HasBody ? $", (call, opset) => Expand{group}({schema}, {BodyEmitter.Opset(version.Model)}, call)" : "";
            string pack = scaffold is { Packs: true } ? $" {{ Pack = (constants, call) => Pack{group}({schema}, constants, call) }}" : "";
            writer.Line();
            writer.Doc("summary", $"Version {version.Model.Since} for graphs.");
            writer.Line($"internal static OpDefinition Definition{version.Model.Since} {{ get; }} = new({schema}, call => Infer{group}({schema}, call), {run}{expand}){pack};");
        }
    }

    /// <summary>What the definitions of a group do.</summary>
    public void Methods(OpVersion version)
    {
        OpModel model = version.Model;
        string group = groups.NumberOf(model);
        bool packs = scaffold is { Packs: true };
        writer.Line();
        writer.Line($"private static TensorType?[] Infer{group}(OpSchema schema, InferenceCall call) => BindCall{group}(schema, call, concrete: false, out _).Outputs;");
        if (scaffold is not null)
        {
            writer.Line();
            using (writer.Block($"private static void Run{group}(OpSchema schema, OpCall call)"))
            {
                writer.Line("if (!call.Recall(out Args args))");
                writer.Line(
                    $"    call.Accept(BindCall{group}(schema, call.ToInference(), concrete: true, out args), in args{SharedMemory.Of(model)});");
                writer.Line($"Execute(in args, [{Operands(model, "call")}], [{Outputs(model)}]);");
                // Operands are addresses; nothing else may hold what they lead to.
                writer.Line("global::System.GC.KeepAlive(call);");
            }
        }
        if (packs)
        {
            writer.Line();
            using (writer.Block($"private static PackedOperand?[] Pack{group}(OpSchema schema, OpCall constants, InferenceCall call)"))
            {
                writer.Line($"BindCall{group}(schema, call, concrete: false, out Args args, packs: true);");
                writer.Line($"return Pack(in args, [{Operands(model, "constants")}]);");
            }
        }
        if (version.HasBody)
        {
            writer.Line();
            using (writer.Block($"private static Graph Expand{group}(OpSchema schema, int opset, InferenceCall call)"))
            {
                writer.Line("var body = new BodyBuilder(schema, opset, call);");
                writer.Line($"BindCall{group}(schema, call, concrete: true, out _, body);");
                writer.Line("return body.ToGraph();");
            }
        }
        writer.Line();
        using (writer.Block($"private static ShapeInference BindCall{group}(OpSchema schema, InferenceCall call, bool concrete, out Args args{(version.HasBody ? ", BodyBuilder? body = null" : "")}{(packs ? ", bool packs = false" : "")})"))
        {
            writer.Line("call.Check(schema);");
            writer.Line($"var inference = new ShapeInference({CodeWriter.Quote(model.Name)}, call.OutputsWanted.Count, concrete{(packs ? ", packs" : "")});");
            writer.Line($"{groups.MethodOf(model)}(inference, schema, {string.Join(", ", Arguments(version))}, out args{(version.HasBody ? ", body" : "")});");
            writer.Line("return inference;");
        }
    }

    private static IEnumerable<string> Arguments(OpVersion version)
    {
        OpModel model = version.Model;
        for (int i = 0; i < model.Inputs.Count; i++)
            yield return model.Inputs[i].Family is not null
                ? $"call.Variadic({i})" : $"call.Input({i})" + (model.Inputs[i].Optional ? "" : "!");
        foreach (AttributeShape attribute in version.Attributes)
            yield return attribute.FromCall;
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            if (model.Outputs[i].Family is not null)
                yield return i == 0 ? "call.OutputsWanted.Count" : $"call.OutputsWanted.Count - {i}";
            else if (model.Outputs[i].Optional)
                yield return $"call.Wants({i})";
        }
    }

    /// <summary>The operands in the order of the newest version, whose ports the kernel has.</summary>
    private string Operands(OpModel model, string call) => string.Join(", ", newest.Inputs.Select(port =>
    {
        int index = PortTypes.IndexOf(model.Inputs, port.Name);
        return index < 0 ? "Operand.Absent" : port.Family is not null ? $".. {call}.Operands({index})" : $"{call}.Operand({index})";
    }));

    private string Outputs(OpModel model) => string.Join(", ", newest.Outputs.Select(port =>
    {
        int index = PortTypes.IndexOf(model.Outputs, port.Name);
        return index < 0 ? "Operand.Absent" : port.Family is not null ? $".. call.OutputOperands({index})" : $"call.OutputOperand({index})";
    }));
}
