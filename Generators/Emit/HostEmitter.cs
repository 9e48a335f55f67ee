using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Declares the C# methods that a spec calls by <c>csharp.Name(...)</c>; the op's author writes them.</summary>
internal static class HostEmitter
{
    public static void Emit(CodeWriter writer, IReadOnlyList<OpVersion> versions)
    {
        var declared = new HashSet<string>();
        foreach (OpVersion version in versions)
        {
            foreach (Port port in version.Model.Inputs.Concat(version.Model.Outputs))
                if (port.Type is HostPort host)
                    Declare(host.Call, "TensorType", version.Expressions);
            foreach (HostExpr call in ExpressionNames.Hosts(version.DeclaredExpressions))
                Declare(call, ExpressionEmitter.TypeName(call.Type), version.Expressions);
        }

        void Declare(HostExpr call, string type, ExpressionEmitter expressions)
        {
            // Two calls may hand over different names of the same types.
            if (!declared.Add($"{call.Method}({string.Join(", ", call.Arguments.Select(expressions.HostParameter))})"))
                return;
            string parameters = string.Join(", ",
                call.Arguments.Select((argument, i) => $"{expressions.HostParameter(argument)} {ParameterName(argument, i)}"));
            writer.Line();
            writer.Doc("summary", $"What the spec leaves to C#: csharp.{call.Method}. Unknown in, unknown out; never an exception.");
            writer.Line($"private static partial {type} {call.Method}({parameters});");
        }
    }

    /// <summary>A parameter is called after the name it is passed, or an element of it.</summary>
    private static string ParameterName(Expr argument, int index) => argument switch
    {
        NameExpr name => Names.Local(name.Name),
        IndexExpr { Target: NameExpr list } => Names.Local(list.Name),
        _ => $"argument{index}",
    };
}
