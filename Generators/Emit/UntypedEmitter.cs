using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the methods that serve one version of an op to graphs, where only the running program knows the types.</summary>
internal static class UntypedEmitter
{
    public static void Emit(CodeWriter writer, OpFamily family, OpModel model, string bind, bool hasKernel, bool packs)
    {
        int since = model.Since;
        writer.Line();
        writer.Doc("summary", $"Version {since} for graphs.");
        writer.Line($"internal static OpDefinition Definition{since} {{ get; }} = new(Schema{since}, Infer{since}, {(hasKernel ? $"Run{since}" : "null")}{(BodyEmitter.HasBody(model) ? $", Expand{since}" : "")}){(packs ? $" {{ Pack = Pack{since} }}" : "")};");
        writer.Line();
        writer.Line($"private static TensorType?[] Infer{since}(InferenceCall call) => BindCall{since}(call, concrete: false, out _).Outputs;");
        if (hasKernel)
        {
            writer.Line();
            using (writer.Block($"private static void Run{since}(OpCall call)"))
            {
                writer.Line("if (!call.Recall(out Args args))");
                writer.Line($"    call.Accept(BindCall{since}(call.ToInference(), concrete: true, out args), in args{Aliases(model)});");
                writer.Line($"Execute(in args, [{Operands(family, model)}], [{Outputs(family, model)}]);");
                // Operands are addresses; nothing else may hold what they lead to.
                writer.Line("global::System.GC.KeepAlive(call);");
            }
        }
        if (packs)
        {
            writer.Line();
            using (writer.Block($"private static PackedOperand?[] Pack{since}(OpCall constants, InferenceCall call)"))
            {
                writer.Line($"BindCall{since}(call, concrete: false, out Args args, packs: true);");
                writer.Line($"return Pack(in args, [{Operands(family, model).Replace("call.", "constants.")}]);");
            }
        }
        bool hasBody = BodyEmitter.HasBody(model);
        if (hasBody)
        {
            writer.Line();
            using (writer.Block($"private static Graph Expand{since}(InferenceCall call, long opset)"))
            {
                writer.Line($"var body = new BodyBuilder(Schema{since}, {BodyEmitter.Opset(model)}, call);");
                writer.Line($"BindCall{since}(call, concrete: true, out _, body);");
                writer.Line("return body.ToGraph();");
            }
        }
        writer.Line();
        using (writer.Block($"private static ShapeInference BindCall{since}(InferenceCall call, bool concrete, out Args args{(hasBody ? ", BodyBuilder? body = null" : "")}{(packs ? ", bool packs = false" : "")})"))
        {
            writer.Line($"call.Check(Schema{since});");
            writer.Line($"var inference = new ShapeInference({CodeWriter.Quote(model.Name)}, call.OutputsWanted.Count, concrete{(packs ? ", packs" : "")});");
            writer.Line($"{bind}(inference, Schema{since}, {string.Join(", ", Arguments(model).Append("out args").Concat(hasBody ? ["body"] : []))});");
            writer.Line("return inference;");
        }
    }

    private static IEnumerable<string> Arguments(OpModel model)
    {
        for (int i = 0; i < model.Inputs.Count; i++)
            yield return model.Inputs[i].Family is not null ? $"call.Variadic({i})" : $"call.Input({i})" + (model.Inputs[i].Optional ? "" : "!");
        foreach (AttributeModel attribute in model.Attributes)
            yield return new AttributeShape(model, attribute).FromCall;
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            if (model.Outputs[i].Family is not null)
                yield return $"call.OutputsWanted.Count - {i}".Replace(" - 0", "");
            else if (model.Outputs[i].Optional)
                yield return $"call.Wants({i})";
        }
    }

    /// <summary>
    /// The inputs whose memory outputs may share: elementwise loops read what lies at a place before they write there, and a row of what gives the rows
    /// may be the row of the first output.
    /// </summary>
    private static string Aliases(OpModel model) => model.Kernel?.Pattern == "elementwise" ? ", OpCall.AnyInput" : model.Kernel?.Pattern == "rows" ? ", 0"
        : model.Outputs.Any(o => o.Aliases is not null) ? string.Concat(model.Outputs.Select(o => $", {(o.Aliases is { } input ? IndexOf(model.Inputs, input) : -1)}")) : "";

    /// <summary>The operands in the order of the newest version, whose ports the kernel has.</summary>
    private static string Operands(OpFamily family, OpModel model)
    {
        OpModel newest = family.Versions[family.Versions.Count - 1];
        return string.Join(", ", newest.Inputs.Select(port =>
        {
            int index = IndexOf(model.Inputs, port.Name);
            return index < 0 ? "Operand.Absent" : port.Family is not null ? $".. call.Operands({index})" : $"call.Operand({index})";
        }));
    }

    private static string Outputs(OpFamily family, OpModel model)
    {
        OpModel newest = family.Versions[family.Versions.Count - 1];
        return string.Join(", ", newest.Outputs.Select(port =>
        {
            int index = IndexOf(model.Outputs, port.Name);
            return index < 0 ? "Operand.Absent" : port.Family is not null ? $".. call.OutputOperands({index})" : $"call.OutputOperand({index})";
        }));
    }

    private static int IndexOf(IReadOnlyList<Port> ports, string name)
    {
        for (int i = 0; i < ports.Count; i++)
            if (ports[i].Name == name)
                return i;
        return -1;
    }
}
